using System.Buffers;
using Ci.EdgeAgent.Generations;
using Ci.EdgeAgent.Serving.Grpc.Messages;
using Google.Protobuf;

namespace Ci.EdgeAgent.Serving.Grpc;

/// <summary>The six calls of inference.GRPCInferenceService: the same models, limits and counters as REST.</summary>
internal sealed class GrpcService(IReadOnlyList<ServedModel> models, Admission admission, TimeProvider time)
{
    public async ValueTask<IMessage> CallAsync(string method, ReadOnlySequence<byte> message, string key, CancellationToken gone) => method switch
    {
        "ModelInfer" => await InferAsync(ModelInferRequest.Parser.ParseFrom(message), key, gone),
        "ServerLive" => new ServerLiveResponse { Live = true },
        "ServerReady" => new ServerReadyResponse { Ready = models.All(m => m.Slot.Current is not null) },
        "ServerMetadata" => Server(),
        "ModelReady" => Ready(ModelReadyRequest.Parser.ParseFrom(message)),
        "ModelMetadata" => Metadata(ModelMetadataRequest.Parser.ParseFrom(message)),
        _ => throw new GrpcException(GrpcStatus.Unimplemented, $"there is no call {(method.Length <= 60 ? method : method[..60] + "…")}"),
    };

    private static ServerMetadataResponse Server()
    {
        var answer = new ServerMetadataResponse { Name = ProtocolDocuments.ServerName, Version = AgentVersion.Number };
        answer.Extensions.AddRange(ProtocolDocuments.Extensions);
        return answer;
    }

    private ModelReadyResponse Ready(ModelReadyRequest request)
    {
        var current = Find(request.Name).Slot.Current;
        return new ModelReadyResponse { Ready = current is not null && (request.Version.Length == 0 || request.Version == current.Version) };
    }

    private ModelMetadataResponse Metadata(ModelMetadataRequest request)
    {
        var model = Find(request.Name);
        using var lease = Lease(model, request.Version);
        var answer = new ModelMetadataResponse { Name = model.Name, Versions = { lease.Generation.Version }, Platform = ProtocolDocuments.Platform };
        answer.Properties["release"] = lease.Generation.Release;
        answer.Inputs.AddRange(ProtocolDocuments.Carried(lease.Generation.Instance.Inputs).Select(Tensor));
        answer.Outputs.AddRange(ProtocolDocuments.Carried(lease.Generation.Instance.Outputs).Select(Tensor));
        return answer;

        static ModelMetadataResponse.Types.TensorMetadata Tensor(Ci.Onnx.TensorInfo tensor) =>
            new() { Name = tensor.Name, Datatype = tensor.Datatype, Shape = { tensor.Shape } };
    }

    private async ValueTask<ModelInferResponse> InferAsync(ModelInferRequest request, string key, CancellationToken gone)
    {
        var model = Find(request.ModelName);
        if (!admission.TryEnter())
            throw GrpcException.Of(Refusal.TooMany(model));
        try
        {
            using var lease = Lease(model, request.ModelVersion, key);
            return await InferAsync(model, lease, request, gone);
        }
        finally
        {
            admission.Leave();
        }
    }

    private async ValueTask<ModelInferResponse> InferAsync(ServedModel model, GenerationLease lease, ModelInferRequest request, CancellationToken gone)
    {
        var generation = lease.Generation;
        var call = generation.RentCall();
        try
        {
            var began = time.GetTimestamp();
            GrpcTensors.Read(request, call);
            var outputs = await model.RunAsync(generation, call, gone);
            var answer = GrpcTensors.Answer(request, model.Name, generation.Version, call, outputs);
            model.CountSuccess(generation, call, outputs, time.GetElapsedTime(began).TotalMilliseconds);
            return answer;
        }
        catch (Exception error) when (Refusal.Of(error, model, generation, call) is { Status: not 0 } refused)
        {
            throw GrpcException.Of(refused);
        }
        finally
        {
            generation.ReturnCall(call);
        }
    }

    private ServedModel Find(string name) => models.FirstOrDefault(m => m.Name == name)
        ?? throw new GrpcException(GrpcStatus.NotFound, $"there is no such model; this device has {string.Join(", ", models.Select(m => m.Name))}");

    private static GenerationLease Lease(ServedModel model, string version, ReadOnlySpan<char> key = default)
    {
        var generation = model.Slot.Lease(key) ?? throw GrpcException.Of(Refusal.NotReady(model));
        if (version.Length == 0 || version == generation.Version)
            return new GenerationLease(generation);
        generation.GiveBack();
        throw GrpcException.Of(Refusal.OtherVersion(model, generation, version));
    }

    /// <summary>A lease that its holder's scope gives back.</summary>
    private readonly struct GenerationLease(Generation generation) : IDisposable
    {
        public Generation Generation { get; } = generation;

        public void Dispose() => Generation.GiveBack();
    }
}
