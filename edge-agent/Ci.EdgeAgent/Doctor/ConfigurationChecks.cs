using System.Runtime.Versioning;
using System.Text.Json;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Hosting;

namespace Ci.EdgeAgent.Doctor;

/// <summary>What lies in files: agent.json and the keys.</summary>
internal static class ConfigurationChecks
{
    /// <summary>The configuration where it can be read; each of its errors else.</summary>
    public static AgentConfiguration? Configuration(string path, AgentWorld world, List<Finding> findings)
    {
        try
        {
            var configuration = AgentConfigurationFile.Read(path, world.Environment);
            findings.Add(Finding.Ok("configuration", $"{Path.GetFullPath(path)}: {configuration.Device} follows {configuration.Environment} of {string.Join(", ", configuration.Models)}"));
            if (!OperatingSystem.IsWindows() && IsWritableByOthers(path))
                findings.Add(Finding.Fail("configuration", $"{Path.GetFullPath(path)} can be changed by others than its owner", $"chmod go-w {path}"));
            return configuration;
        }
        catch (AgentConfigurationException error)
        {
            findings.AddRange(error.Errors.Select(e => Finding.Fail("configuration", e, "correct it; docs/protocol/agent-configuration.md lists every member")));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            findings.Add(Finding.Fail("configuration", error.Message, "give the agent's user the right to read it"));
        }

        return null;
    }

    public static Finding Keys(AgentConfiguration configuration)
    {
        try
        {
            var keys = TrustedKeyFiles.Read(configuration.TrustedKeys);
            return Finding.Ok("keys", $"{keys.Count} trusted: {string.Join(", ", keys.Select(k => $"{k.Hint[..12]} (P-{k.Bits})"))}");
        }
        catch (AgentConfigurationException error)
        {
            return Finding.Fail("keys", string.Join("; ", error.Errors), "give public keys in PEM (`mlops release keygen` writes them as .pub), readable for the agent's user");
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static bool IsWritableByOthers(string path) => (File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None;
}
