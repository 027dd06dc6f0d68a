using System.CommandLine;
using System.Xml.Linq;
using Ci.Build.Tools;

namespace Ci.Build.Tasks;

/// <summary>Publishes, plays the demo, runs every test project; the last line is `N passed, N failed`.</summary>
internal sealed class TestTask : IBuildTask
{
    private static readonly Option<bool> Long = new("--long") { Description = "Also the long suites (crash exploration, fuzzing, soak), and the image, built and run." };

    private static readonly Option<bool> NoDemo = new("--no-demo") { Description = "Leave the demo out; tests of its documents then use the last one played." };

    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    public string Name => "test";

    public string Summary => "Run all tests, on the published binaries where a test runs a binary.";

    public IReadOnlyList<Option> Options => [Long, NoDemo];

    public async Task<int> RunAsync(BuildContext context, ParseResult arguments, CancellationToken cancellation)
    {
        await PublishTask.EnsureAsync(context, cancellation);
        await SetupTask.WantDebianAsync("rsvg-convert", "librsvg2-bin", "PNG figures", cancellation);
        BuildContext.Say("test: building");
        (await Shell.RunAsync("dotnet", ["build", context.At("Ci.sln"), "-c", "Release", "--nologo", "-v", "quiet"], context.Root, cancellation: cancellation)).OrThrow();

        var demoFailed = false;
        if (!arguments.GetValue(NoDemo))
            demoFailed = await DemoTask.PlayAsync(context, keep: false, cancellation) != 0;

        var results = Path.Combine(context.Artifacts, "tests");
        if (Directory.Exists(results))
            Directory.Delete(results, recursive: true);
        var environment = new Dictionary<string, string?>
        {
            ["MLOPS_ONNXRUNTIME"] = context.OnnxRuntimeLibrary,
            ["MLOPS_LONG_TESTS"] = arguments.GetValue(Long) ? "1" : null,
        };
        string[] command = ["test", context.At("Ci.sln"), "-c", "Release", "--no-build", "--nologo", "--logger", "trx", "--results-directory", results];
        var run = await Shell.RunAsync("dotnet", command, context.Root, environment, echo: true, cancellation);
        // Whole plays count as one test each: they are the main job, and must not fail unseen behind green units.
        var plays = new List<(string Name, bool Held)>();
        if (!arguments.GetValue(NoDemo))
            plays.Add(("the demo (see artifacts/demo/summary.json)", !demoFailed));
        if (arguments.GetValue(Long))
            plays.Add(("the image (see above)", await ImageHeldAsync(context, cancellation)));
        return Close(results, run.ExitCode, plays);
    }

    private static async Task<bool> ImageHeldAsync(BuildContext context, CancellationToken cancellation)
    {
        try
        {
            await ImageTask.BuildAsync(context, baseImage: null, twice: false, cancellation);
            return true;
        }
        catch (BuildException error)
        {
            BuildContext.Say(error.Message);
            return false;
        }
    }

    private static int Close(string results, int testExit, IReadOnlyList<(string Name, bool Held)> plays)
    {
        var (passed, failed, failures) = Count(results);
        (passed, failed) = (passed + plays.Count(play => play.Held), failed + plays.Count(play => !play.Held));
        foreach (var failure in failures.Concat(plays.Where(play => !play.Held).Select(play => play.Name)))
            BuildContext.Say($"failed: {failure}");
        if (testExit != 0 && failed == 0)
            throw new BuildException($"a test run ended with {testExit} though no test failed: a test host crashed (see above)");
        BuildContext.Say($"{passed} passed, {failed} failed");
        return failed == 0 && passed > 0 ? 0 : 1;
    }

    private static (int Passed, int Failed, IReadOnlyList<string> Failures) Count(string results)
    {
        int passed = 0, failed = 0;
        var failures = new List<string>();
        foreach (var file in Directory.Exists(results) ? Directory.EnumerateFiles(results, "*.trx", SearchOption.AllDirectories) : [])
        {
            foreach (var test in XDocument.Load(file).Descendants(Trx + "UnitTestResult"))
            {
                switch ((string?)test.Attribute("outcome"))
                {
                    case "Passed":
                        passed++;
                        break;
                    case "NotExecuted":
                        break;
                    default:
                        failed++;
                        failures.Add((string?)test.Attribute("testName") ?? "?");
                        break;
                }
            }
        }

        return (passed, failed, failures);
    }
}
