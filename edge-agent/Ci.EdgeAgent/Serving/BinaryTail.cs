using System.Buffers;

namespace Ci.EdgeAgent.Serving;

/// <summary>What stands behind the JSON of a request: the binary data of its inputs, one after the other in the order of `inputs`.</summary>
internal ref struct BinaryTail(ReadOnlySequence<byte> bytesBehind)
{
    private ReadOnlySequence<byte> rest = bytesBehind;

    public ReadOnlySequence<byte> Take(long bytes, string input)
    {
        if (bytes > rest.Length)
            throw new InvalidRequestException($"the input {input} has a `binary_data_size` of {bytes}, but only {rest.Length} bytes are left behind the JSON (is Inference-Header-Content-Length right?)");
        var taken = rest.Slice(0, bytes);
        rest = rest.Slice(bytes);
        return taken;
    }

    public readonly void CheckEnd()
    {
        if (rest.Length > 0)
            throw new InvalidRequestException($"{rest.Length} bytes behind the JSON belong to no input");
    }
}
