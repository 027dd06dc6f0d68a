using System.Text;
using Ci.EdgeAgent.Files;
using Ci.EdgeAgent.Rollouts;

namespace Ci.EdgeAgent.Hosting;

/// <summary>
/// What an operator asks of a running or stopped agent: files under the data folder, so that the rights of the file system decide who may
/// ask, and an order outlives a restart. Each file is replaced in one step and is on disk when the call returns; asking twice is asking once.
/// </summary>
/// <param name="files">The device's disk.</param>
/// <param name="data">The agent's folder.</param>
/// <param name="models">The models that the agent has: whom an order for all is for.</param>
internal sealed class AgentControl(IDeviceFiles files, string data, IReadOnlyList<string>? models = null)
{
    private const int IdLength = 64;

    private string Folder => Path.Combine(data, "control");

    private string PausedPath => Path.Combine(Folder, "paused");

    /// <summary>All models are paused.</summary>
    public bool AllPaused => files.Length(PausedPath) is not null;

    public bool IsPaused(string model) => AllPaused || files.Length(PathOf("paused", model)) is not null;

    public bool IsRecoveryAsked(string model) => files.Length(PathOf("recover", model)) is not null;

    /// <summary>The folder exists and is the agent's own, whoever writes into it first.</summary>
    public void Prepare() => Directory.CreateDirectory(Folder);

    /// <summary>Holds updates of one model, or of all; what serves goes on serving.</summary>
    public void Pause(DateTimeOffset at, string? model = null) => Write(model is null ? PausedPath : PathOf("paused", model), $"paused at {at:u}\n");

    /// <summary>Ends a pause, lets a stopped model serve again, and lets a model out of safe mode: one model, or all.</summary>
    public void Resume(DateTimeOffset at, string? model = null)
    {
        if (model is null)
            Remove(PausedPath);
        foreach (var each in model is null ? models ?? [] : [model])
        {
            Remove(PathOf("paused", each));
            Unkill(each);
            Write(PathOf("recover", each), $"asked at {at:u}\n");
        }
    }

    public void RecoveryDone(string model) => Remove(PathOf("recover", model));

    /// <summary>The model stays on this release until <see cref="Unpin"/>, whatever its channel asks for.</summary>
    public void Pin(string model, string release) => Write(PathOf("pin", model), release);

    public void Unpin(string model) => Remove(PathOf("pin", model));

    /// <summary>The model stops serving until <see cref="Unkill"/>.</summary>
    public void Kill(string model, DateTimeOffset at) => Write(PathOf("kill", model), $"stopped at {at:u}\n");

    public void Unkill(string model) => Remove(PathOf("kill", model));

    /// <summary>The model goes back to the release before, once.</summary>
    public void Rollback(string model, DateTimeOffset at) => Write(PathOf("rollback", model), $"asked at {at:u}\n");

    public void RollBackDone(string model) => Remove(PathOf("rollback", model));

    /// <summary>All that is asked of one model now.</summary>
    public OperatorOrders OrdersFor(string model)
    {
        var (pin, readable) = PinOf(model);
        // A pin that cannot be read is one all the same: nothing may change until it can be.
        return new(IsPaused(model) || !readable, files.Length(PathOf("kill", model)) is not null, pin, files.Length(PathOf("rollback", model)) is not null);
    }

    private string PathOf(string order, string model) => Path.Combine(Folder, $"{order}-{model}");

    private void Write(string path, string text) => DurableFile.Replace(files, path, Encoding.UTF8.GetBytes(text));

    private void Remove(string path)
    {
        if (files.Length(path) is null)
            return;
        files.Delete(path);
        files.SyncFolder(Folder); // Else a power cut could bring an order back that was withdrawn.
    }

    /// <summary>What is no release id pins nothing: it becomes part of a path.</summary>
    private (string? Pin, bool Readable) PinOf(string model)
    {
        var path = PathOf("pin", model);
        if (files.Length(path) is not { } bytes || bytes > IdLength + 2)
            return (null, true);
        try
        {
            var text = Encoding.UTF8.GetString(DurableFile.Read(files, path, IdLength + 2) ?? []).Trim();
            return (text.Length == IdLength && text.All(char.IsAsciiHexDigitLower) ? text : null, true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, false);
        }
    }
}
