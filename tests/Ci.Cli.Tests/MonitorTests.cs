using System.Text.Json.Nodes;
using Ci.Releases;
using Ci.Storage;

namespace Ci.Cli.Tests;

/// <summary><c>mlops monitor</c> over a mailbox in a folder.</summary>
public sealed class MonitorTests : IDisposable
{
    private readonly ModelProject project = new();

    public void Dispose() => this.project.Dispose();

    [Fact]
    public async Task What_devices_say_is_summed_up_for_people_and_machines()
    {
        await this.PutAsync(1, refused: false);
        await this.PutAsync(2, refused: true);

        var text = await this.project.OkAsync("monitor --environment production --store blobs");
        Assert.Contains("energy-load 1.0.0: 20 requests on 1 device(s), 2 errors", text, StringComparison.Ordinal);
        Assert.Contains("refused energy-load 2.0.0: digest-mismatch (the bytes are not the signed ones) on edge-1: damaged", text, StringComparison.Ordinal);

        var summary = JsonNode.Parse(await this.project.OkAsync("monitor --environment production --model energy-load --store blobs --json"))!;
        Assert.Equal(("mlops.monitor/v1", 2), ((string)summary["schema"]!, (int)summary["batches"]!));
        Assert.Equal("digest-mismatch", (string)summary["refusals"]![0]!["code"]!);

        var later = JsonNode.Parse(await this.project.OkAsync("monitor --environment production --since 1970-01-01T00:01:30Z --store blobs --json"))!;
        Assert.Equal(1, (int)later["batches"]!);
    }

    [Fact]
    public async Task An_empty_mailbox_is_no_error_and_says_so()
    {
        Directory.CreateDirectory(this.project.Of("blobs"));
        Assert.Equal("no telemetry of production yet\n", await this.project.OkAsync("monitor --environment production --store blobs"));
    }

    [Theory]
    [InlineData("--environment ../x", "--environment")]
    [InlineData("--environment production --since yesterday", "--since")]
    public async Task Wrong_words_are_wrong_usage(string arguments, string word)
    {
        Directory.CreateDirectory(this.project.Of("blobs"));
        var answer = await this.project.RunAsync($"monitor {arguments} --store blobs");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(word, answer.Error, StringComparison.Ordinal);
    }

    private async Task PutAsync(long sequence, bool refused)
    {
        Directory.CreateDirectory(this.project.Of("blobs"));
        var batch = new TelemetryBatch
        {
            Device = "edge-1", Environment = "production", Model = "energy-load", Release = Sha256Digest.Of([1]), Version = "1.0.0", Sequence = sequence,
            From = DateTimeOffset.UnixEpoch.AddMinutes(sequence - 1), To = DateTimeOffset.UnixEpoch.AddMinutes(sequence), Requests = 10, Errors = 1,
            Events = refused ? [new TelemetryEvent { At = DateTimeOffset.UnixEpoch, Kind = TelemetryEventKind.Refusal, Code = "digest-mismatch", Version = "2.0.0", Message = "damaged" }] : [],
        };
        await BlobStores.Default.Open(this.project.Of("blobs")).PutAsync(batch.Key(), new MemoryStream(batch.ToGzip()));
    }
}
