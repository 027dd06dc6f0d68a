using System.Globalization;
using Ci.Storage.FileSystem;
using Ci.Testing;
using Ci.Testing.FileSystem;

namespace Ci.Cli.Tests;

/// <summary>
/// Every operation on the disk of every verb that moves data is once the last one: a kill before, in and after it, and a power cut that
/// takes what was not flushed. Then nothing that something names is missing, nothing that was there is lost, and running the same verb
/// again ends as if nothing had happened, byte for byte.
/// </summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class KillTests : IDisposable
{
    // All of them with MLOPS_LONG_TESTS=1; else so many of each, other ones for each fault.
    private const int Sampled = 5;

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string, Fault> Cases
    {
        get
        {
            var cases = new TheoryData<string, Fault>();
            foreach (var name in KillScenario.All.Keys)
            {
                foreach (var fault in Enum.GetValues<Fault>())
                    cases.Add(name, fault);
            }

            return cases;
        }
    }

    private static bool IsLong => string.Equals(System.Environment.GetEnvironmentVariable("MLOPS_LONG_TESTS"), "1", StringComparison.Ordinal);

    public void Dispose() => this.folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Wherever_it_is_stopped_nothing_is_lost_and_the_next_run_completes_it(string name, Fault fault)
    {
        var scenario = KillScenario.All[name];
        var template = await scenario.PrepareAsync(this.folder.Of("template"));
        var undisturbed = template.CopyTo(this.folder.Of("p"));
        var counting = new FaultyDisk(int.MaxValue, fault, this.folder.Of("attic"));
        using (Disk.Use(counting))
            Assert.Equal(0, await undisturbed.RunAsync(scenario.Verb));
        var expected = undisturbed.Contents();
        undisturbed.Delete();
        this.EmptyAttic();

        foreach (var point in Points(counting.Operations, fault))
        {
            // Always at one place: what is known of files is known by their paths.
            var world = template.CopyTo(this.folder.Of("p"));
            var before = world.Objects();
            var disk = new FaultyDisk(point, fault, this.folder.Of("attic"));
            using (Disk.Use(disk))
                await world.RunAsync(scenario.Verb);
            var where = $"{name}, {fault} at operation {point.ToString(CultureInfo.InvariantCulture)} of {counting.Operations.ToString(CultureInfo.InvariantCulture)}";
            None(where, before.Where(o => scenario.Keeps && !File.Exists(world.Of(o))).Select(o => $"lost {o}").Concat(world.Lies(scenario.IsCached)));

            Assert.True(await world.RunAsync(scenario.Verb) == 0, $"{where}: the next run fails: {world.LastError}");
            var contents = world.Contents();
            None(where, expected.Except(contents).Select(line => $"in the end lacks {line}").Concat(contents.Except(expected).Select(line => $"in the end has {line}")));
            world.Delete();
            this.EmptyAttic();
        }
    }

    private static void None(string where, IEnumerable<string> wrong)
    {
        var lines = wrong.ToList();
        Assert.True(lines.Count == 0, $"{where}:\n{string.Join('\n', lines)}");
    }

    private static IEnumerable<int> Points(int operations, Fault fault) => IsLong || operations <= Sampled
        ? Enumerable.Range(0, operations)
        : Enumerable.Range(0, operations).OrderBy(i => HashCodeOf(i, fault)).Take(Sampled).Order();

    private void EmptyAttic() => Directory.CreateDirectory(this.folder.Of("attic")).Delete(recursive: true);

    private static uint HashCodeOf(int point, Fault fault) => (uint)((point * 0x9E3779B1L) + ((int)fault * 0x85EBCA77L)) * 0xC2B2AE3D;
}
