using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Ci.Testing;

namespace Ci.Benchmarks.Serving;

/// <summary>A server of the comparison as a process of its own; it says on its standard output where it listens.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private const double TicksASecond = 100; // USER_HZ, which Linux fixes for user space
    private readonly Process process;

    private ServerProcess(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Resident memory now, in MiB.</summary>
    public double ResidentMiB => Status("VmRSS:") / 1024.0;

    /// <summary>Processor seconds so far, of the process and of the children that it waited for.</summary>
    public double ProcessorSeconds
    {
        get
        {
            var stat = File.ReadAllText($"/proc/{process.Id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[11..15].Sum(t => long.Parse(t, CultureInfo.InvariantCulture)) / TicksASecond;
        }
    }

    public static async Task<ServerProcess> AgentAsync(string configuration, string inferPath, string? other = null)
    {
        var binary = other ?? RepositoryRoot.At("artifacts", "bin", "edge-agent");
        if (!File.Exists(binary))
            throw new InvalidOperationException($"{binary} is missing: run `dotnet run --project build -- publish` first");
        var server = await StartAsync(new ProcessStartInfo(binary, ["run", "--config", configuration]));
        using var client = new HttpClient { BaseAddress = server.Address };
        for (var i = 0; i < 300; i++)
        {
            if ((await client.GetAsync(inferPath.Replace("/infer", "/ready", StringComparison.Ordinal))).IsSuccessStatusCode)
                return server;
            await Task.Delay(50);
        }

        server.Dispose();
        throw new InvalidOperationException("the agent does not serve the promoted model");
    }

    /// <summary>Null where onnxruntime-node is not there.</summary>
    public static async Task<ServerProcess?> NodeAsync(string model)
    {
        var modules = Environment.GetEnvironmentVariable("NODE_PATH") is { Length: > 0 } named ? named : RepositoryRoot.At("build", "npm", "node_modules");
        if (!Directory.Exists(Path.Combine(modules, "onnxruntime-node")))
            return null;
        var start = new ProcessStartInfo("node", [RepositoryRoot.At("tests", "Ci.Benchmarks", "Serving", "server.mjs"), model, "bench"]);
        start.Environment["NODE_PATH"] = modules;
        start.Environment["ORT_DISABLE_TELEMETRY"] = "1"; // as the agent does: the uploader would count against Node
        return await StartAsync(start);
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private static async Task<ServerProcess> StartAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.UseShellExecute) = (true, false);
        var started = Process.Start(start)!;
        while (await started.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Listening().Match(line) is not { Success: true } match)
                continue;
            _ = started.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return new ServerProcess(started, new Uri(match.Groups["address"].Value));
        }

        throw new InvalidOperationException($"{start.FileName} ended before it listened");
    }

    private long Status(string name)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"listening on (?<address>http://\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
