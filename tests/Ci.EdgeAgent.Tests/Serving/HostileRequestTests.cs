using System.Buffers;
using System.Text;
using Ci.EdgeAgent.Serving;
using Ci.Onnx;

namespace Ci.EdgeAgent.Tests.Serving;

/// <summary>Whatever bytes come: a decoded request or words, in bounded memory and time, and never another exception.</summary>
public sealed class HostileRequestTests
{
    private static readonly string[] Seeds =
    [
        """{"id":"42","parameters":{"binary_data_output":true},"inputs":[{"name":"x","datatype":"FP32","shape":[2,2],"data":[[1.5,2],[3e2,-4]]},{"name":"t","datatype":"BYTES","shape":[1],"data":["a\u00e4"]}],"outputs":[{"name":"y","parameters":{"binary_data":false}}]}""",
        """{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"parameters":{"binary_data_size":8}},{"name":"t","datatype":"BYTES","shape":[1],"parameters":{"binary_data_size":5}}]}""",
    ];

    private static readonly string[] Words = ["9223372036854775807", "-1", "1e999", "NaN", "Infinity", "null", "[[[[[[", "{\"a\":", "\"\\ud800\"", "\u0000", "\"shape\"", "\"data\"", "\"inputs\"", "true", "4294967296", "\"binary_data_size\":", "[]", "{}", ",", "}"];

    [Theory]
    [InlineData(1, 4000)]
    [InlineData(2, 4000)]
    public void A_damaged_request_is_decoded_or_refused_in_words_and_nothing_else(int seed, int rounds)
    {
        if (Environment.GetEnvironmentVariable("MLOPS_LONG_TESTS") == "1")
            rounds *= 50;
        var random = new Random(seed);
        using var call = Call();
        var (refused, before) = (0, GC.GetAllocatedBytesForCurrentThread());
        for (var i = 0; i < rounds; i++)
        {
            var json = Damage(random, Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]));
            var binary = new byte[random.Next(20)];
            random.NextBytes(binary);
            byte[] body = [.. json, .. binary];
            try
            {
                InferenceRequestReader.Read(new ReadOnlySequence<byte>(body), random.Next(4) == 0 ? random.Next(body.Length + 1) : json.Length, call);
            }
            catch (InvalidRequestException error)
            {
                Assert.NotEmpty(error.Message);
                refused++;
            }
        }

        Assert.InRange(refused, rounds / 2, rounds);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < rounds * 64_000L, "the memory stays in proportion to what came");
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{\"a\":", 100_000)]
    [InlineData("{\"inputs\":[{\"data\":[", 20_000)]
    public void A_deep_document_is_refused_at_once(string opening, int times)
    {
        using var call = Call();
        var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(opening, times)));
        Assert.Throws<InvalidRequestException>(() => InferenceRequestReader.Read(new ReadOnlySequence<byte>(body), call));
    }

    [Theory]
    [InlineData("[9223372036854775807,9223372036854775807]")]
    [InlineData("[4294967296,4294967296]")]
    [InlineData("[1000000000,1]")]
    [InlineData("[0,9223372036854775807]")]
    [InlineData("[-1,2]")]
    [InlineData("[1e3,2]")]
    [InlineData("[1.5,2]")]
    [InlineData("[99999999999999999999,2]")]
    public void A_shape_that_lies_allocates_nothing(string shape)
    {
        using var call = Call();
        var body = Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"x","datatype":"FP32","shape":{{shape}},"data":[1,2]}]}""");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidRequestException>(() => InferenceRequestReader.Read(new ReadOnlySequence<byte>(body), call));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 200_000);
    }

    [Fact]
    public async Task A_running_agent_answers_hostile_bodies_with_400_and_goes_on_serving()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        await using var agent = await RunningAgent.StartAsync(deployment.Configure());
        await agent.ServesAsync("1.0.0");
        var random = new Random(3);
        var valid = Encoding.UTF8.GetBytes(Support.Request(30));
        for (var i = 0; i < 150; i++)
        {
            using var content = new ByteArrayContent(Damage(random, valid));
            if (random.Next(3) == 0)
                content.Headers.TryAddWithoutValidation("Inference-Header-Content-Length", Words[random.Next(2)]);
            using var response = await agent.Plain.PostAsync($"/v2/models/{Deployment.Model}/infer", content);
            Assert.Contains((int)response.StatusCode, new[] { 200, 400, 422 });
        }

        Assert.Equal(200, (await agent.InferAsync(Support.Request(30))).Status);
        Assert.Equal(0, agent.Agent.Models[0].Served.Counters.FailedCount);
    }

    private static InferenceCall Call() => new(
        [new TensorInfo("x", OnnxElementType.Float, [-1, 2]), new TensorInfo("t", OnnxElementType.String, [-1])],
        [new TensorInfo("y", OnnxElementType.Float, [-1])]);

    private static byte[] Damage(Random random, byte[] valid)
    {
        var bytes = valid.ToList();
        for (var cuts = random.Next(1, 4); cuts > 0 && bytes.Count > 1; cuts--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 12), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}
