using System.Text;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Rollouts;

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

    /// <summary>The model stays on this release until <see cref="Unpin"/>, whatever its channel asks for.</summary>
    public void Pin(string model, string release) => DurableFile.Replace(files, PathOf("pin", model), Encoding.UTF8.GetBytes(release));

    public void Unpin(string model) => files.Delete(PathOf("pin", model));

    /// <summary>The model stops serving until <see cref="Unkill"/>.</summary>
    public void Kill(string model, DateTimeOffset at) => DurableFile.Replace(files, PathOf("kill", model), Encoding.UTF8.GetBytes($"stopped at {at:u}\n"));

    public void Unkill(string model) => files.Delete(PathOf("kill", model));

    /// <summary>The model goes back to the release before, once.</summary>
    public void Rollback(string model, DateTimeOffset at) => DurableFile.Replace(files, PathOf("rollback", model), Encoding.UTF8.GetBytes($"asked at {at:u}\n"));

    public void RollBackDone(string model) => files.Delete(PathOf("rollback", model));

    /// <summary>All that is asked of one model now.</summary>
    public OperatorOrders OrdersFor(string model) => new(
        IsPaused, files.Length(PathOf("kill", model)) is not null, PinOf(model), files.Length(PathOf("rollback", model)) is not null);

    private string PathOf(string order, string model) => Path.Combine(data, "control", $"{order}-{model}");

    /// <summary>What is no release id pins nothing: it becomes part of a path.</summary>
    private string? PinOf(string model)
    {
        const int length = 64;
        var path = PathOf("pin", model);
        if (files.Length(path) is not { } bytes || bytes > length + 2)
            return null;
        var text = Encoding.UTF8.GetString(DurableFile.Read(files, path, length + 2) ?? []).Trim();
        return text.Length == length && text.All(char.IsAsciiHexDigitLower) ? text : null;
    }
}
