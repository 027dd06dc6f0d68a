using System.Buffers;
using System.Text;
using Ci.EdgeAgent.Serving.Grpc.Messages;
using Ci.Onnx;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Ci.EdgeAgent.Serving.Grpc;

/// <summary>
/// Tensors from and to the messages. Inputs come typed or, all of them, raw; outputs go raw where the inputs came raw, or where their type has no
/// typed form (FP16 and BF16), and typed otherwise.
/// </summary>
internal static class GrpcTensors
{
    private const int MaxIdLength = 256;

    public static void Read(ModelInferRequest request, InferenceCall call)
    {
        call.Reset();
        call.Id = request.Id.Length <= MaxIdLength ? request.Id : throw new InvalidRequestException($"`id` has at most {MaxIdLength} characters");
        var raw = request.RawInputContents;
        if (raw.Count > 0 && raw.Count != request.Inputs.Count)
            throw new InvalidRequestException($"there are {request.Inputs.Count} inputs and {raw.Count} raw_input_contents; give one each, or none");
        for (var i = 0; i < request.Inputs.Count; i++)
            ReadInput(request.Inputs[i], raw.Count > 0 ? raw[i] : null, call);
        for (var i = 0; i < call.Values.Length; i++)
        {
            if (call.Values[i] is null)
                throw new InvalidRequestException($"the input {call.Inputs[i]} is missing");
        }

        ReadOutputs(request, call);
    }

    public static ModelInferResponse Answer(ModelInferRequest request, string model, string version, InferenceCall call, IReadOnlyList<OnnxValue> outputs)
    {
        var answer = new ModelInferResponse { ModelName = model, ModelVersion = version, Id = request.Id };
        var raw = request.RawInputContents.Count > 0 || outputs.Any(o => o.Type is OnnxElementType.Float16 or OnnxElementType.BFloat16);
        for (var i = 0; i < outputs.Count; i++)
        {
            if (!call.Wanted[i])
                continue;
            var output = new ModelInferResponse.Types.InferOutputTensor { Name = outputs[i].Name, Datatype = outputs[i].Type.ToDatatype() ?? "", Shape = { outputs[i].Shape } };
            if (raw)
                answer.RawOutputContents.Add(Raw(outputs[i]));
            else
                output.Contents = TypedContents.Of(outputs[i]);
            answer.Outputs.Add(output);
        }

        return answer;
    }

    private static void ReadInput(ModelInferRequest.Types.InferInputTensor input, ByteString? raw, InferenceCall call)
    {
        var index = RequestInputReader.Find(call, input.Name);
        var declared = RequestInputReader.Expected(call, index, RequestInputReader.TypeOf(input.Datatype));
        if (input.Shape.Count > TensorShape.MaxRank)
            throw new InvalidRequestException($"a `shape` has at most {TensorShape.MaxRank} dimensions");
        Span<long> shape = stackalloc long[input.Shape.Count];
        for (var i = 0; i < shape.Length; i++)
            shape[i] = input.Shape[i];
        if (raw is not null && input.Contents is not null)
            throw new InvalidRequestException($"the input {declared.Name} has contents and raw_input_contents; give one of them");
        call.Values[index] = raw is not null
            ? TensorBinary.Read(new ReadOnlySequence<byte>(raw.Memory), call, index, shape)
            : TypedContents.Read(input.Contents ?? new InferTensorContents(), call, index, shape);
    }

    private static void ReadOutputs(ModelInferRequest request, InferenceCall call)
    {
        if (request.Outputs.Count == 0)
            return;
        Array.Clear(call.Wanted);
        foreach (var output in request.Outputs)
            call.Wanted[RequestOutputReader.Find(call, output.Name)] = true;
    }

    private static ByteString Raw(OnnxValue value)
    {
        if (value.Type != OnnxElementType.String)
            return ByteString.CopyFrom(value.Bytes);
        var bytes = new ArrayBufferWriter<byte>();
        TensorBinary.Write(bytes, value);
        return ByteString.CopyFrom(bytes.WrittenSpan);
    }
}
