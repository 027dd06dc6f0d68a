using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Hosting;

namespace Ci.EdgeAgent.Doctor;

/// <summary>All checks, in the order in which a person mends things.</summary>
internal static class Examination
{
    public static async Task<DoctorReport> RunAsync(string configPath, AgentWorld world, CancellationToken ct)
    {
        var findings = new List<Finding>();
        if (ConfigurationChecks.Configuration(configPath, world, findings) is { } configuration)
        {
            findings.Add(ConfigurationChecks.Keys(configuration));
            findings.Add(MachineChecks.Clock(configuration, world));
            findings.Add(MachineChecks.Disk(configuration, world));
            findings.Add(MachineChecks.Rights(configuration, world));
            findings.AddRange(RuntimeChecks.Of(configuration, world));
            findings.Add(configuration.SourceMirror is { } mirror ? await ReachChecks.StoreAsync("source", mirror, configuration, world, ct) : await ReachChecks.SourceAsync(configuration, ct));
            findings.Add(await ReachChecks.StoreAsync("store", configuration.Store, configuration, world, ct));
            if (configuration.MailboxStore is { } mailbox)
                findings.Add(await ReachChecks.StoreAsync("mailbox", mailbox, configuration, world, ct));
            findings.Add(MachineChecks.Port(configuration, IsRunning(configuration)));
            findings.AddRange(configuration.Models.Select(model => StateChecks.Journal(configuration, world, model)));
        }

        return new DoctorReport(findings.Max(f => f.Health), [.. findings.Select(f => f with { Message = world.Mask.Clean(f.Message) })]);
    }

    // The agent holds this file for as long as it lives.
    private static bool IsRunning(AgentConfiguration configuration)
    {
        var path = Path.Combine(configuration.Data, "lock");
        if (!File.Exists(path))
            return false;
        try
        {
            using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
