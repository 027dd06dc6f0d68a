using System.Collections.Concurrent;
using Ci.Edge;
using Ci.Onnx;

namespace Ci.EdgeAgent.Tests.Serving;

/// <summary>The model in a program of one's own. The first test is the example of docs/guide/edge-serving.md.</summary>
public sealed class EdgeModelTests
{
    [Fact]
    public async Task A_program_holds_a_model_that_is_swapped_under_it()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        _ = deployment.Configure();
        var (swaps, configurationPath, features) = (new ConcurrentQueue<EdgeModelSwap>(), deployment.ConfigPath, new float[30]);

        // example: begin
        await using var model = await EdgeModel.OpenAsync(configurationPath);
        model.Swapped += (_, swap) => swaps.Enqueue(swap);
        await model.WaitUntilReadyAsync();
        var answer = await model.RunAsync([OnnxValue.Of("features", features, 1, 30)]);
        // example: end

        Assert.Equal("1.0.0", answer.Version);
        Assert.True(model.IsReady);
        using var stop = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var versions = new HashSet<string>(StringComparer.Ordinal);
            while (!stop.IsCancellationRequested)
                versions.Add((await model.RunAsync([OnnxValue.Of("features", new float[60], 2, 30)])).Version);
            return versions;
        })).ToList();
        await deployment.PromoteAsync(deployment.Sign("1.1.0", "breast-mlp-cont.onnx"), 2);
        Assert.True(await Support.EventuallyAsync(() => Task.FromResult(swaps.Any(s => s.Version == "1.1.0"))));
        Assert.True(await Support.EventuallyAsync(() => Task.FromResult(model.Version == "1.1.0")));
        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(calls), versions => Assert.Subset(new HashSet<string> { "1.0.0", "1.1.0" }, versions));
        Assert.NotNull(swaps.Single(s => s.Version == "1.1.0").PreviousRelease);
    }

    [Fact]
    public void The_guide_shows_the_example_that_is_compiled_here()
    {
        var page = File.ReadAllText(Path.Combine(Support.Root, "docs", "guide", "edge-serving.md"));
        var source = File.ReadAllText(Path.Combine(Support.Root, "tests", "Ci.EdgeAgent.Tests", "Serving", "EdgeModelTests.cs"));
        var shown = page.Split("```csharp\n")[1].Split("```")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var compiled = source.Split("// example: begin\n")[1].Split("// example: end")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(compiled, shown);
    }

    [Fact]
    public async Task What_an_answer_holds_is_not_overwritten_by_the_next()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        _ = deployment.Configure();
        await using var model = await EdgeModel.OpenAsync(deployment.ConfigPath, new EdgeModelOptions { Model = Deployment.Model });
        await model.WaitUntilReadyAsync();
        var first = await model.RunAsync([OnnxValue.Of("features", new float[30], 1, 30)]);
        var kept = first.Outputs.Select(o => o.ToDoubles()).ToList();
        await model.RunAsync([OnnxValue.Of("features", Enumerable.Repeat(3f, 30).ToArray(), 1, 30)]);
        Assert.Equal(kept, first.Outputs.Select(o => o.ToDoubles()));
    }

    [Fact]
    public async Task What_is_wrong_is_said_in_words_and_the_same_folder_serves_offline_after_a_restart()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        _ = deployment.Configure();
        await using (var model = await EdgeModel.OpenAsync(deployment.ConfigPath))
        {
            await model.WaitUntilReadyAsync();
            Assert.Contains("another agent works in", (await Assert.ThrowsAsync<EdgeModelException>(async () => await EdgeModel.OpenAsync(deployment.ConfigPath))).Message, StringComparison.Ordinal);
        }

        Assert.Contains("does not name the model", (await Assert.ThrowsAsync<EdgeModelException>(async () => await EdgeModel.OpenAsync(deployment.ConfigPath, new EdgeModelOptions { Model = "other" }))).Message, StringComparison.Ordinal);
        deployment.HideRepository();
        await using var offline = await EdgeModel.OpenAsync(deployment.ConfigPath);
        Assert.Equal("1.0.0", offline.Version);
        Assert.Contains("1.0.0", (await offline.RunAsync([OnnxValue.Of("features", new float[30], 1, 30)])).Version, StringComparison.Ordinal);
    }

    /// <summary>Enough of them to roll any model back, were they counted against it.</summary>
    [Fact]
    public async Task A_caller_s_mistakes_are_ArgumentExceptions_and_count_against_no_release()
    {
        using var deployment = new Deployment();
        await deployment.PromoteAsync(deployment.Sign("1.0.0"), 1);
        _ = deployment.Configure(soak: 0.05);
        await using (var model = await EdgeModel.OpenAsync(deployment.ConfigPath))
            await model.WaitUntilReadyAsync();
        await deployment.PromoteAsync(deployment.Sign("2.0.0", "breast-mlp-cont.onnx"), 2);
        _ = deployment.Configure(soak: 2);
        await using var soaking = await EdgeModel.OpenAsync(deployment.ConfigPath);
        Assert.True(await Support.EventuallyAsync(() => Task.FromResult(soaking.Version == "2.0.0")));

        (OnnxValue[] Inputs, string Words)[] wrong =
        [
            ([], "has 1 inputs"),
            ([null!], "null was given"),
            ([OnnxValue.Of("features", new double[30], 1, 30)], "takes features: FP32"),
            ([OnnxValue.Of("features", new float[31], 1, 31)], "[1,31] was given"),
            ([OnnxValue.Of("features", new float[30], 30)], "[30] was given"),
            ([OnnxValue.Of("other", new float[30], 1, 30)], "other: Float [1,30] was given"),
            ([OnnxValue.OfStrings("features", new string[30], 1, 30)], "takes features: FP32"),
        ];
        for (var i = 0; i < 70; i++)
        {
            var (inputs, words) = wrong[i % wrong.Length];
            var error = await Assert.ThrowsAsync<ArgumentException>(async () => await soaking.RunAsync(inputs));
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
            Assert.Equal("inputs", error.ParamName);
        }

        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await soaking.RunAsync([OnnxValue.Of("features", new float[30], 1, 30)], gone.Token));
        Assert.Equal("2.0.0", (await soaking.RunAsync([OnnxValue.Of("features", new float[30], 1, 30)])).Version);
        await Task.Delay(2500);
        Assert.Equal("2.0.0", soaking.Version);
    }
}
