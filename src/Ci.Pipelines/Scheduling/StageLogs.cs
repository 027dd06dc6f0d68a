using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ci.Data;

namespace Ci.Pipelines.Scheduling;

/// <summary>What stages' commands wrote, kept in <c>.dvc/tmp/mlops-logs/STAGE/TIME.log</c>: of each stage the newest few, of all stages not too many.</summary>
internal sealed class StageLogs(Project project, TimeProvider time)
{
    private const int KeptLogs = 5;
    private const int KeptStages = 1000;

    private string Home => Path.Combine(project.Root, ".dvc", "tmp", "mlops-logs");

    /// <summary>Begins the log of a run; older logs of the stage give way.</summary>
    public StageLog Begin(Stage stage)
    {
        var folder = Path.Combine(this.Home, NameOf(stage.Address));
        if (!Directory.Exists(folder))
        {
            this.DropOldStages();
            Directory.CreateDirectory(folder);
        }

        foreach (var old in Directory.EnumerateFiles(folder, "*.log").OrderDescending(StringComparer.Ordinal).Skip(KeptLogs - 1).ToList())
            File.Delete(old);
        var now = time.GetUtcNow();
        return new StageLog(Path.Combine(folder, now.ToString("yyyyMMdd'T'HHmmss'.'fffffff'Z.log'", CultureInfo.InvariantCulture)), project, stage, now);
    }

    // Names hold characters that no file name may.
    private static string NameOf(string address)
    {
        var plain = string.Concat(address.Take(80).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '@' or '_' ? c : '_')).TrimStart('.');
        return plain == address ? plain : $"{plain}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)))[..8]}";
    }

    private void DropOldStages()
    {
        if (!Directory.Exists(this.Home))
            return;
        var stages = new DirectoryInfo(this.Home).GetDirectories();
        foreach (var old in stages.OrderByDescending(d => d.LastWriteTimeUtc).Skip(KeptStages - 1))
            old.Delete(recursive: true);
    }
}
