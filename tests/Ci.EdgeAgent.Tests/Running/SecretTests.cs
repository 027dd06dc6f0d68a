using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Ci.EdgeAgent.Commands;
using Ci.EdgeAgent.Configuration;
using Ci.EdgeAgent.Hosting;
using Ci.EdgeAgent.Status;
using Ci.Testing;

namespace Ci.EdgeAgent.Tests.Running;

/// <summary>Secrets get in by the environment, by files and by credentials, and get out nowhere.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SecretTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public SecretTests() => folder.Write("key.pem", "x");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("\"source\":{\"git\":\"https://user:pl4nted@example.org/deploy.git\"}")]
    [InlineData("\"source\":{\"git\":\"https://pl4nted@example.org/deploy.git\"}")]
    [InlineData("\"source\":{\"git\":\"d\",\"token\":\"pl4nted\"}")]
    [InlineData("\"store\":\"https://x.blob.core.windows.net/c?sv=1&sig=pl4nted\"")]
    [InlineData("\"store\":\"DefaultEndpointsProtocol=https;AccountKey=pl4nted\"")]
    [InlineData("\"mailbox\":{\"store\":\"x\",\"sasToken\":\"pl4nted\"}")]
    [InlineData("\"password\":\"pl4nted\"")]
    public void A_secret_in_the_file_is_refused_and_not_repeated(string member)
    {
        var error = Assert.Throws<AgentConfigurationException>(() => AgentConfigurationFile.Parse(Encoding.UTF8.GetBytes("{" + member + "}"), folder.Of("agent.json"), new Dictionary<string, string>()));
        Assert.Contains(error.Errors, e => e.Contains("has no place in a file", StringComparison.Ordinal));
        Assert.DoesNotContain("pl4nted", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ssh://git@example.org/deploy.git")]
    [InlineData("git@example.org:deploy.git")]
    [InlineData("https://example.org/deploy.git")]
    public void An_address_without_a_secret_is_taken(string git)
    {
        var read = AgentConfigurationFile.Parse(Encoding.UTF8.GetBytes($$"""{"device":"d","environment":"e","models":["m"],"source":{"git":"{{git}}"},"store":"b","trustedKeys":["key.pem"],"data":"d"}"""), folder.Of("agent.json"), new Dictionary<string, string>());
        Assert.Equal(git, read.SourceGit);
    }

    [Fact]
    public void A_secret_comes_from_a_file_that_only_its_owner_can_read()
    {
        var path = folder.Write("token", "s3cret-token\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var read = SecretFiles.Read(new Dictionary<string, string> { ["MLOPS_EDGE_SOURCE_TOKEN_FILE"] = path });
        Assert.Equal("s3cret-token", read["MLOPS_EDGE_SOURCE_TOKEN"]);
        Assert.False(read.ContainsKey("MLOPS_EDGE_SOURCE_TOKEN_FILE"));

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var error = Assert.Throws<AgentConfigurationException>(() => SecretFiles.Read(new Dictionary<string, string> { ["MLOPS_EDGE_SOURCE_TOKEN_FILE"] = path, ["AWS_SESSION_TOKEN_FILE"] = folder.Of("none") }));
        Assert.Contains($"chmod 600 {path}", error.Message, StringComparison.Ordinal);
        Assert.Contains("AWS_SESSION_TOKEN_FILE: cannot read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_credential_of_systemd_stands_for_its_variable()
    {
        File.SetUnixFileMode(folder.Write("creds/AZURE_STORAGE_SAS_TOKEN", "sv=1&sig=abc"), UnixFileMode.UserRead);
        var read = SecretFiles.Read(new Dictionary<string, string> { ["CREDENTIALS_DIRECTORY"] = folder.Of("creds") });
        Assert.Equal("sv=1&sig=abc", read["AZURE_STORAGE_SAS_TOKEN"]);
    }

    [Theory]
    [InlineData("cannot fetch https://me:hunter2@h.example/x", "cannot fetch https://***@h.example/x")]
    [InlineData("GET https://h.example/c/blob?sv=2&sig=ab%2Fcd failed", "GET https://h.example/c/blob?*** failed")]
    [InlineData("Authorization: Bearer abcdefghijklmnopqrstu", "Authorization: Bearer ***")]
    [InlineData("AccountName=a;AccountKey=Zm9vYmFy==;x", "AccountName=a;AccountKey=***;x")]
    [InlineData("token tok-12345678 was wrong", "token *** was wrong")]
    [InlineData("fetching 1.0.0 from https://h.example/blobs", "fetching 1.0.0 from https://h.example/blobs")]
    public void The_mask_takes_out_what_is_secret_and_nothing_else(string text, string shown) =>
        Assert.Equal(shown, SecretMask.Of(new Dictionary<string, string> { ["MLOPS_EDGE_SOURCE_TOKEN"] = "tok-12345678" }).Clean(text));

    [Theory]
    [InlineData("text", "^1970-01-01T00:00:00\\.000Z m: went \\*\\*\\* wrong \\[code-1\\]$")]
    [InlineData("journald", "^<4>m: went \\*\\*\\* wrong \\[code-1\\]$")]
    public void A_line_is_one_line_in_its_format(string format, string pattern) => Assert.Matches(pattern, Logged(format).TrimEnd('\n'));

    [Fact]
    public void A_line_as_json_has_its_parts_apart()
    {
        using var line = JsonDocument.Parse(Logged("json"));
        Assert.Equal("m", line.RootElement.GetProperty("model").GetString());
        Assert.Equal("warning", line.RootElement.GetProperty("level").GetString());
        Assert.Equal("went *** wrong", line.RootElement.GetProperty("message").GetString());
    }

    /// <summary>Addresses with secrets that answer with errors, for a whole life: start, looks that fail, every page, every command, the end.</summary>
    [Fact]
    public async Task Planted_secrets_appear_nowhere_in_a_whole_run()
    {
        using var world = new TwoModels();
        await world.PromoteAsync(TwoModels.First, "1.0.0", 1);
        var configuration = world.Configure(",\"mailbox\":{\"store\":\"mailbox\",\"seconds\":0.2}");
        await using (var warm = await RunningAgent.StartAsync(configuration))
            await TwoModels.ServesAsync(warm, TwoModels.First, "1.0.0");

        string[] planted = ["pl4nted-user-pw", "pl4nted-sas-sig", "pl4nted-aws-key", "pl4nted-token"];
        var port = FreePort();
        var environment = new Dictionary<string, string>
        {
            ["MLOPS_EDGE_SOURCE__GIT"] = $"http://bot:{planted[0]}@127.0.0.1:9/deploy.git",
            ["MLOPS_EDGE_STORE"] = $"http://127.0.0.1:9/blobs?sv=1&sig={planted[1]}",
            ["AWS_SECRET_ACCESS_KEY"] = planted[2],
            ["MLOPS_EDGE_SOURCE_TOKEN"] = planted[3],
            ["MLOPS_EDGE_LISTEN"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
        };
        var (log, said) = (new StringWriter(), new StringWriter());
        var agentWorld = new AgentWorld { Environment = environment, Log = log };
        await using (var agent = await Agent.StartAsync(AgentConfigurationFile.Read(world.Deployment.ConfigPath, environment), agentWorld, CancellationToken.None))
        {
            using var stop = new CancellationTokenSource();
            var loop = Task.Run(() => agent.RunAsync(stop.Token));
            Assert.True(await Support.EventuallyAsync(() => Task.FromResult(agent.Status().Models.All(m => m.SourceError is not null))));
            agent.Models[0].Room.Happened("state", $"planted: {planted[0]} {planted[2]} https://h.example/?x={planted[1]}");
            using var http = new HttpClient { BaseAddress = new Uri(agent.Address) };
            foreach (var path in (string[])["/", "/status", "/metrics", "/v2"])
                await said.WriteLineAsync(await http.GetStringAsync(path));
            foreach (var command in (string[])["status", "status --json", "doctor --json", "doctor --show-config", "doctor --show-config --json", "pause", "resume", "pin nobody"])
                await AgentCommandLine.RunAsync([.. command.Split(' '), "--config", world.Deployment.ConfigPath], agentWorld, said, said);
            await Task.Delay(500);
            await stop.CancelAsync();
            await loop;
        }

        var batches = string.Concat(Directory.EnumerateFiles(world.Deployment.Data, "*", SearchOption.AllDirectories).Where(f => f.Contains("telemetry", StringComparison.Ordinal)).Select(File.ReadAllText));
        var everything = log + said.ToString() + batches;
        Assert.Contains("planted: *** *** https://h.example/?***", log.ToString(), StringComparison.Ordinal);
        Assert.Contains("source.git = http://***@127.0.0.1:9/deploy.git", said.ToString(), StringComparison.Ordinal);
        Assert.All(planted, secret => Assert.DoesNotContain(secret, everything, StringComparison.Ordinal));
    }

    private static string Logged(string format)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var log = new AgentLog(writer, new Then(), SecretMask.Of(new Dictionary<string, string> { ["MLOPS_EDGE_SOURCE_TOKEN"] = "tok-1234" }), format);
        log.Write("m", new AgentEvent(DateTimeOffset.UnixEpoch, "refusal", "went tok-1234\nwrong", "code-1"));
        return writer.ToString();
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Then : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
