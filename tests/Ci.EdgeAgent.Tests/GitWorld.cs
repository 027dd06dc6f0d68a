using System.Diagnostics;
using Ci.EdgeAgent.Configuration;
using Ci.Testing;
using Ci.Testing.Network;

namespace Ci.EdgeAgent.Tests;

/// <summary>A deploy repository on a web server that speaks Git as forges do and may be made to lie, behind a network that may be bad.</summary>
internal sealed class GitWorld : IAsyncDisposable
{
    private readonly GitServer server;

    private GitWorld(Deployment deployment, GitServer server)
    {
        (Deployment, this.server) = (deployment, server);
        Network = new TcpProxy(server.Port, 5);
        Server = server;
    }

    public Deployment Deployment { get; }

    public TcpProxy Network { get; }

    public GitServer Server { get; }

    public string Mirror => Path.Combine(Deployment.Data, "source.git");

    public static async Task<GitWorld> StartAsync()
    {
        var deployment = new Deployment();
        return new GitWorld(deployment, await GitServer.StartAsync(Path.GetDirectoryName(deployment.Repository)!));
    }

    /// <summary>A device that serves 1.0.0 and is in sync.</summary>
    public async Task<RunningAgent> ServingAsync()
    {
        await Deployment.PromoteAsync(Deployment.Sign("1.0.0"), 1);
        var agent = await RunningAgent.StartAsync(Configure());
        await agent.ServesAsync("1.0.0");
        return agent;
    }

    public AgentConfiguration Configure()
    {
        Deployment.Configure();
        var address = FormattableString.Invariant($"http://127.0.0.1:{Network.Port}/{Path.GetFileName(Deployment.Repository)}");
        return AgentConfigurationFile.Read(Deployment.ConfigPath, new Dictionary<string, string> { ["MLOPS_EDGE_SOURCE__GIT"] = address });
    }

    /// <summary>Commits entries as they are, modes and all ("120000 blob ID"); what they replace is gone.</summary>
    public void Commit(params (string Mode, string Id, string Path)[] entries)
    {
        Git("read-tree", "refs/heads/main");
        foreach (var (mode, id, path) in entries)
            Git("update-index", "--add", "--replace", "--cacheinfo", $"{mode},{id},{path}");
        CommitIndex();
    }

    /// <summary>Commits so many files of noise at once.</summary>
    public void CommitNoise(int files, int bytes)
    {
        var folder = Deployment.Repository + ".noise";
        Directory.CreateDirectory(Path.Combine(folder, "noise"));
        var noise = new byte[bytes];
        var random = new Random(3);
        for (var i = 0; i < files; i++)
        {
            random.NextBytes(noise);
            File.WriteAllBytes(Path.Combine(folder, "noise", FormattableString.Invariant($"{i}")), noise);
        }

        Git("read-tree", "refs/heads/main");
        Git($"--work-tree={folder}", "add", "noise");
        CommitIndex();
    }

    private void CommitIndex()
    {
        var commit = Git("commit-tree", Git("write-tree"), "-p", "refs/heads/main", "-m", "by hand");
        Git("update-ref", "refs/heads/main", commit);
    }

    public string Blob(byte[] bytes)
    {
        var file = Deployment.Repository + ".blob";
        File.WriteAllBytes(file, bytes);
        return Git("hash-object", "-w", file);
    }

    public string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = Deployment.Repository, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in GitIsolation.Environment)
            start.Environment[name] = value;
        foreach (var who in (string[])["AUTHOR", "COMMITTER"])
            (start.Environment[$"GIT_{who}_NAME"], start.Environment[$"GIT_{who}_EMAIL"]) = ("somebody", "somebody@localhost");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd().TrimEnd('\n');
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        Network.Dispose();
        await server.DisposeAsync();
        Deployment.Dispose();
    }
}
