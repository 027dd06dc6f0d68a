using System.Text.Json;

namespace Ci.EdgeAgent.Serving;

/// <summary>Reads `outputs`: which of the model's outputs the caller wants, and which of them as binary data.</summary>
internal static class RequestOutputReader
{
    private const int Name = 1;
    private const int Parameters = 2;

    public static void Read(ref Utf8JsonReader reader, InferenceCall call)
    {
        JsonWords.Expect(ref reader, JsonTokenType.StartArray, "`outputs` must be a list");
        var any = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new InvalidRequestException("each of `outputs` must be an object with a `name`");
            if (!any)
                Array.Clear(call.Wanted);
            any = true;
            ReadOne(ref reader, call);
        }
    }

    /// <summary>The place of the output with this name.</summary>
    public static int Find(InferenceCall call, string name)
    {
        for (var i = 0; i < call.Outputs.Count; i++)
        {
            if (call.Outputs[i].Name == name)
                return Carried(call, i);
        }

        throw new InvalidRequestException($"there is no output '{(name.Length <= 60 ? name : name[..60] + "…")}'; the model has {string.Join("; ", call.Outputs)}");
    }

    private static void ReadOne(ref Utf8JsonReader reader, InferenceCall call)
    {
        var (seen, index) = (0, -1);
        bool? binary = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("name"u8))
            {
                JsonWords.Once(ref seen, Name, "name");
                index = FindOutput(ref reader, call);
            }
            else if (reader.ValueTextEquals("parameters"u8))
            {
                JsonWords.Once(ref seen, Parameters, "parameters");
                binary = ReadParameters(ref reader);
            }
            else
            {
                JsonWords.Skip(ref reader);
            }
        }

        if (index < 0)
            throw new InvalidRequestException("each of `outputs` must be an object with a `name`");
        if (call.Wanted[index])
            throw new InvalidRequestException($"the output {call.Outputs[index].Name} is asked for twice");
        call.Wanted[index] = true;
        call.Binary[index] = binary;
    }

    private static bool? ReadParameters(ref Utf8JsonReader reader)
    {
        JsonWords.Expect(ref reader, JsonTokenType.StartObject, "an output's `parameters` must be an object");
        bool? binary = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("binary_data"u8))
                binary = JsonWords.Flag(ref reader, "binary_data");
            else
                JsonWords.Skip(ref reader);
        }

        return binary;
    }

    private static int FindOutput(ref Utf8JsonReader reader, InferenceCall call)
    {
        JsonWords.Expect(ref reader, JsonTokenType.String, "an output's `name` must be a text");
        for (var i = 0; i < call.Outputs.Count; i++)
        {
            if (reader.ValueTextEquals(call.Outputs[i].Name))
                return Carried(call, i);
        }

        return Find(call, reader.GetString()!);
    }

    private static int Carried(InferenceCall call, int index) => call.Outputs[index].Datatype is not null
        ? index
        : throw new InvalidRequestException($"the output {call.Outputs[index]} cannot be carried by the protocol, which has tensors only");
}
