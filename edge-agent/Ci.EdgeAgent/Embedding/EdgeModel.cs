using Ci.EdgeAgent;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Serving;
using Ci.Onnx;

namespace Ci.Edge;

/// <summary>
/// A model in this process that is updated as on a device with the agent: the same signatures, gates, swap, soak and rollback, from the same
/// configuration file, and no port opened. <see cref="RunAsync"/> may be called by many threads at once, and no call fails because of a swap.
/// </summary>
public sealed class EdgeModel : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private Agent agent = null!;
    private ServedModel served = null!;
    private Task loop = Task.CompletedTask;
    private string? announced;

    private EdgeModel(TimeProvider time) => this.time = time;

    /// <summary>Another release answers. Raised on a thread of the pool, once a swap; a handler may take its time.</summary>
    public event EventHandler<EdgeModelSwap>? Swapped;

    public string Name => served.Name;

    /// <summary>The version that answers now; null where nothing does.</summary>
    public string? Version => served.Slot.Current?.Version;

    public bool IsReady => served.Slot.Current is not null;

    /// <summary>Why nothing answers, in words.</summary>
    public string WhyNotReady => served.Board.WhyNotServing;

    /// <summary>
    /// Opens the model that the configuration names, serving from disk at once what this device has proven before, and follows its
    /// channel from then on. <see cref="EdgeModelException"/> where the configuration is wrong or another agent has the data folder.
    /// </summary>
    public static async Task<EdgeModel> OpenAsync(string configurationPath, EdgeModelOptions? options = null, CancellationToken ct = default)
    {
        options ??= new EdgeModelOptions();
        var model = new EdgeModel(options.Time);
        try
        {
            var configuration = AgentConfigurationFile.Read(configurationPath, options.Environment);
            var name = options.Model ?? (configuration.Models.Count == 1 ? configuration.Models[0] : throw new EdgeModelException($"{configurationPath} names {configuration.Models.Count} models; say which with EdgeModelOptions.Model"));
            if (!configuration.Models.Contains(name, StringComparer.Ordinal))
                throw new EdgeModelException($"{configurationPath} does not name the model {name}; it names {string.Join(", ", configuration.Models)}");
            await model.StartAsync(configuration with { Models = [name] }, options, ct);
            return model;
        }
        catch (Exception error) when (error is EdgeAgentException or OnnxException)
        {
            throw new EdgeModelException(error.Message, error);
        }
    }

    /// <summary>Runs the model that serves now on one value for each declared input, in that order.</summary>
    /// <exception cref="ArgumentException">An input does not fit the model that serves now; that counts against nobody's health.</exception>
    /// <exception cref="EdgeModelException">Nothing serves yet, the call waited too long, or the model failed.</exception>
    public async ValueTask<EdgeAnswer> RunAsync(IReadOnlyList<OnnxValue> inputs, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var generation = served.Slot.Lease() ?? throw new EdgeModelException($"the model {Name} is not ready: {WhyNotReady}");
        var call = generation.RentCall();
        try
        {
            return await CallAsync(generation, call, inputs, ct);
        }
        catch (Exception error) when (Refusal.Of(error, served, generation, call) is { Status: not 0 } refused)
        {
            // The same judge as for requests over the network: what is the caller's mistake is not the model's.
            throw refused.Status == StatusCodes.Status400BadRequest ? new ArgumentException(refused.Message, nameof(inputs), error) : new EdgeModelException(refused.Message, error);
        }
        finally
        {
            generation.ReturnCall(call);
            generation.GiveBack();
        }
    }

    /// <summary>Returns once a proven release answers.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken ct = default)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        EventHandler<EdgeModelSwap> onSwap = (_, _) => ready.TrySetResult();
        Swapped += onSwap;
        try
        {
            if (!IsReady)
                await ready.Task.WaitAsync(ct);
        }
        finally
        {
            Swapped -= onSwap;
        }
    }

    /// <summary>Ends the update loop, then the model when its last call has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        if (agent is not null)
            await agent.DisposeAsync();
        stop.Dispose();
    }

    private async Task StartAsync(AgentConfiguration configuration, EdgeModelOptions options, CancellationToken ct)
    {
        var world = new AgentWorld
        {
            Environment = options.Environment,
            Log = options.Log ?? TextWriter.Null,
            Time = options.Time,
            Listens = false,
            Told = (_, _) => Look(),
        };
        agent = await Agent.StartAsync(configuration, world, ct);
        served = agent.Models[0].Served;
        announced = served.Slot.Current?.Release;
        loop = Task.Run(() => agent.RunAsync(stop.Token), CancellationToken.None);
    }

    private async ValueTask<EdgeAnswer> CallAsync(Generation generation, InferenceCall call, IReadOnlyList<OnnxValue> inputs, CancellationToken ct)
    {
        if (InputFit.Problem(call.Inputs, inputs) is { } problem)
            throw new InvalidRequestException($"the model {Name} {generation.Version} does not take this: {problem}");
        call.Reset();
        for (var i = 0; i < inputs.Count; i++)
            call.Values[i] = inputs[i];
        var began = time.GetTimestamp();
        var outputs = await served.RunAsync(generation, call, ct);
        served.CountSuccess(generation, call, outputs, time.GetElapsedTime(began).TotalMilliseconds);
        return new EdgeAnswer(generation.Release, generation.Version, [.. outputs.Select(Own)]);
    }

    /// <summary>A copy: what a call gives out is overwritten by the next one.</summary>
    private static OnnxValue Own(OnnxValue output)
    {
        if (output.Kind != OnnxValueKind.Tensor)
            return output;
        if (output.Type == OnnxElementType.String)
            return OnnxValue.OfStrings(output.Name, [.. output.Strings], output.Shape);
        var own = OnnxValue.Blank(output.Name, output.Type, output.Shape);
        output.Bytes.CopyTo(own.Bytes);
        return own;
    }

    /// <summary>After every event of the update loop: has another release taken over?</summary>
    private void Look()
    {
        if (served is null)
            return; // Still starting: what serves from disk is no swap.
        var current = served.Slot.Current;
        string? before;
        lock (gate)
        {
            if (announced == current?.Release)
                return;
            (before, announced) = (announced, current?.Release);
        }

        var swap = new EdgeModelSwap(current?.Release, current?.Version, before);
        ThreadPool.QueueUserWorkItem(_ => Swapped?.Invoke(this, swap));
    }
}
