using Ci.Cli.Verbs;
using Ci.Data;
using Ci.Evaluation;
using Ci.Git;
using Ci.Pipelines;
using Ci.Pipelines.Experiments;
using Ci.Pipelines.Revisions;

namespace Ci.Cli.Baselines;

/// <summary>The evaluation of a commit: committed there, named by its <c>dvc.lock</c>, or made by a recorded run with the inputs of that commit.</summary>
internal static class RevisionEvaluation
{
    private const int MostBytes = 256 << 20;

    /// <summary>Writes evaluation and predictions into a folder.</summary>
    /// <param name="context">Where we are.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="path">The candidate's evaluation as it was named: the baseline's has the same path.</param>
    /// <param name="folder">Where they go.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The file, or why there is none.</returns>
    public static async Task<(string? File, string Why)> WriteAsync(CliContext context, string commit, string path, string folder, CancellationToken ct)
    {
        try
        {
            await using var source = Open(context, commit, path);
            if (await source.ReadAsync(source.Path, ModelEvaluation.MostBytes, ct) is not { } bytes)
                return (null, $"commit {commit[..7]} has no {source.Path}, neither in Git nor in its dvc.lock{source.WhyNoRun}");
            var evaluation = ModelEvaluation.Read(bytes);
            var file = System.IO.Path.Combine(folder, "evaluation.json");
            await File.WriteAllBytesAsync(file, bytes, ct);
            await PredictionsAsync(context, source, evaluation, folder, ct);
            return (file, "");
        }
        catch (Exception error) when (error is MissingDataException or EvaluationException or GitException or PipelineException or ProjectConfigException or Ci.Storage.StorageUnavailableException)
        {
            return (null, $"the evaluation of commit {commit[..7]} cannot be had ({error.Message})");
        }
    }

    // Without them the comparison is inconclusive, and says so itself.
    private static async Task PredictionsAsync(CliContext context, Source source, ModelEvaluation evaluation, string folder, CancellationToken ct)
    {
        if (evaluation.Predictions is not { } named)
            return;
        var parts = named.Path.Split('/');
        if (System.IO.Path.IsPathRooted(named.Path) || parts.Any(part => part is "" or "." or ".."))
            return;
        try
        {
            if (await source.ReadAsync(source.Beside(named.Path), MostBytes, ct) is not { } bytes)
                return;
            var target = System.IO.Path.Combine([folder, .. parts]);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            await File.WriteAllBytesAsync(target, bytes, ct);
        }
        catch (Exception error) when (error is MissingDataException or GitException or PipelineException)
        {
            context.Note($"mlops: the baseline's predictions cannot be had: {error.Message}");
        }
    }

    private static Source Open(CliContext context, string commit, string path)
    {
        var full = context.FullPath(path);
        try
        {
            var views = ProjectViews.Open(context);
            return new Source(context, views, views.Project.Root, commit, full);
        }
        catch (NotAProjectException)
        {
            return new Source(context, null, System.IO.Path.GetDirectoryName(full)!, commit, full);
        }
    }

    /// <summary>A commit's files, read from Git alone or through the project that they belong to.</summary>
    private sealed class Source : IAsyncDisposable
    {
        private readonly CliContext context;
        private readonly ProjectViews? views;
        private readonly ProjectView? view;
        private readonly GitReader? git;
        private readonly string commit;
        private RecordedRevision? recorded;

        public Source(CliContext context, ProjectViews? views, string root, string commit, string full)
        {
            (this.context, this.views, this.commit) = (context, views, commit);
            this.Path = System.IO.Path.GetRelativePath(root, full).Replace('\\', '/');
            if (this.Path.StartsWith("..", StringComparison.Ordinal))
                throw new PipelineException($"{full} lies outside of {root}");
            this.view = views?.Of(commit);
            this.git = views is null ? GitReader.Start(root, options: GitSettings.Of(context)) : null;
        }

        public string Path { get; }

        /// <summary>Why no recorded run made it either; begins with a comma.</summary>
        public string WhyNoRun { get; private set; } = "";

        public string Beside(string name) => this.Path.LastIndexOf('/') is var at and >= 0 ? $"{this.Path[..at]}/{name}" : name;

        public async Task<byte[]?> ReadAsync(string path, int limit, CancellationToken ct)
        {
            if (this.view is null)
                return this.git!.Find(this.commit, path) is { Type: "blob" } blob ? this.git.Blob(blob.Id, limit) : null;
            try
            {
                return this.view.Read(path, limit) ?? await this.RecordedAsync(path, limit, ct);
            }
            catch (MissingDataException) when (this.view.Tracked.TryGetValue(path, out _))
            {
                await new RemoteData(this.context, Pipeline.Load(this.views!.Project), remote: null).FetchAsync([this.view.Tracked[path]], ct);
                return this.view.Read(path, limit);
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (this.recorded is not null)
                await this.recorded.DisposeAsync();
            this.views?.Dispose();
            this.git?.Dispose();
        }

        // Only what a stage of that commit makes can have been recorded.
        private async Task<byte[]?> RecordedAsync(string path, int limit, CancellationToken ct)
        {
            if (!this.view!.Pipeline.Stages.SelectMany(s => s.Outputs).Select(o => this.view.Shown(o.FullPath)).Any(made => path == made || path.StartsWith(made + "/", StringComparison.Ordinal)))
                return null;
            try
            {
                this.recorded ??= await this.RestoreAsync(path, ct);
                var file = new FileInfo(System.IO.Path.Combine(this.recorded.Root, path));
                return !file.Exists ? null : file.Length <= limit ? await File.ReadAllBytesAsync(file.FullName, ct) : throw new PipelineException($"`{path}` holds more than {limit >> 20} MiB, which is no file to compare");
            }
            catch (PipelineException error) when (this.recorded is null)
            {
                this.WhyNoRun = $", and no recorded run made it: {error.Message}";
                return null;
            }
        }

        private async Task<RecordedRevision> RestoreAsync(string path, CancellationToken ct)
        {
            var home = await ExperimentWorkspace.OpenAsync(this.views!.Project, GitSettings.Of(this.context), ct);
            return await RecordedRevision.RestoreAsync(home, this.commit, path, this.context.Environment, this.Remote, this.context.Time, ct);
        }

        private RemoteData? Remote(Pipeline pipeline) => pipeline.Project.Config.DefaultRemote is null ? null : new RemoteData(this.context, pipeline, remote: null);
    }
}
