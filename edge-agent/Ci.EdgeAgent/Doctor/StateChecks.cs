using System.Text.Json;
using Ci.EdgeAgent.Commands;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Journal;

namespace Ci.EdgeAgent.Doctor;

/// <summary>Each model's journal and pointer. They are read from a copy: the agent may be at work, and nothing here may change a byte.</summary>
internal static class StateChecks
{
    private const long MaxBytes = 16L << 20;

    public static Finding Journal(AgentConfiguration configuration, AgentWorld world, string model)
    {
        var folder = Path.Combine(configuration.Data, "models", model);
        var fix = $"`edge-agent resume {model}` sets the damaged file aside and begins a new one; the sequence floor stays where the pointer is whole";
        try
        {
            var bytes = DurableFile.Read(world.Files, Path.Combine(folder, "journal"), MaxBytes);
            if (bytes is null)
                return Finding.Ok($"journal of {model}", "none yet: nothing was ever released to this device");
            Replay(bytes);
            var pointer = DurableFile.Read(world.Files, Path.Combine(folder, "current"), MaxBytes);
            if (pointer is not null && ModelFolder.Pointer(world.Files, configuration.Data, model) is null)
                return Finding.Fail($"journal of {model}", "the pointer is damaged", fix);
            return Finding.Ok($"journal of {model}", $"{bytes.Length} bytes, every record whole and chained{(pointer is null ? "; nothing serves yet" : "")}");
        }
        catch (Exception error) when (error is JournalDamagedException or InvalidDataException or JsonException)
        {
            return Finding.Fail($"journal of {model}", error.Message, fix);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Finding.Fail($"journal of {model}", error.Message, "run the doctor as the agent's user or as root");
        }
    }

    private static void Replay(byte[] bytes)
    {
        var copy = Directory.CreateTempSubdirectory("edge-agent-doctor-");
        try
        {
            var path = Path.Combine(copy.FullName, "journal");
            File.WriteAllBytes(path, bytes);
            using var journal = DeviceJournal.Open(DiskFiles.Instance, path);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }
}
