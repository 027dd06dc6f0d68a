using System.Text;
using Ci.EdgeAgent.Files;

namespace Ci.EdgeAgent.Hosting;

/// <summary>
/// What an operator asks of a running or stopped agent: files under the data folder, so that the rights of the file system decide who may
/// ask, and a pause outlives a restart.
/// </summary>
internal sealed class AgentControl(IDeviceFiles files, string data)
{
    private string PausedPath => Path.Combine(data, "control", "paused");

    private string RecoverPath => Path.Combine(data, "control", "recover");

    public bool IsPaused => files.Length(PausedPath) is not null;

    public bool IsRecoveryAsked => files.Length(RecoverPath) is not null;

    public void Pause(DateTimeOffset at) => DurableFile.Replace(files, PausedPath, Encoding.UTF8.GetBytes($"paused at {at:u}\n"));

    public void Resume(DateTimeOffset at)
    {
        files.Delete(PausedPath);
        DurableFile.Replace(files, RecoverPath, Encoding.UTF8.GetBytes($"asked at {at:u}\n"));
    }

    public void RecoveryDone() => files.Delete(RecoverPath);
}
