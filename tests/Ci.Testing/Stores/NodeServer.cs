using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Ci.Testing.Stores;

/// <summary>A server of another project, run by Node from <c>build/npm</c> on a free loopback port until it is disposed.</summary>
internal sealed class NodeServer : IDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);

    private readonly Process process;

    private NodeServer(Process process, Uri address)
    {
        this.process = process;
        this.Address = address;
    }

    public Uri Address { get; }

    /// <summary>Starts the script; the line of its output that the pattern fits names the address in its first group.</summary>
    public static async Task<NodeServer> StartAsync(string package, string script, string[] arguments, Regex listens, params string[] nodeOptions)
    {
        var path = RepositoryRoot.At("build", "npm", "node_modules", package, script);
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path} is missing: run `dotnet run --project build -- setup` once");
        var start = new ProcessStartInfo("node", [.. nodeOptions, path, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        // Some of them would tell their makers about it.
        start.Environment["NODE_ENV"] = "test";
        var node = Process.Start(start) ?? throw new InvalidOperationException("node did not start");
        var found = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = new List<string>();
        void Look(object _, DataReceivedEventArgs line)
        {
            if (line.Data is null)
                return;
            lock (output)
                output.Add(line.Data);
            if (listens.Match(line.Data) is { Success: true } match)
                found.TrySetResult(new Uri(match.Groups[1].Value.StartsWith("http", StringComparison.Ordinal) ? match.Groups[1].Value : $"http://{match.Groups[1].Value}"));
        }

        node.OutputDataReceived += Look;
        node.ErrorDataReceived += Look;
        node.BeginOutputReadLine();
        node.BeginErrorReadLine();
        try
        {
            var ended = node.WaitForExitAsync();
            if (await Task.WhenAny(found.Task, ended, Task.Delay(StartsWithin)) != found.Task)
                throw new InvalidOperationException($"{package} did not start: {string.Join('\n', output)}");
            return new NodeServer(node, await found.Task);
        }
        catch
        {
            node.Kill(entireProcessTree: true);
            node.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (!this.process.HasExited)
            this.process.Kill(entireProcessTree: true);
        this.process.WaitForExit(5000);
        this.process.Dispose();
    }
}
