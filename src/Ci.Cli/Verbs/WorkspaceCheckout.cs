using Ci.Data;
using Ci.Data.Files;
using Ci.Pipelines;

namespace Ci.Cli.Verbs;

/// <summary>Puts outputs into the workspace one after the other; what cannot be is told together at the end.</summary>
internal static class WorkspaceCheckout
{
    public static void Run(Pipeline pipeline, IEnumerable<TrackedOutput> outputs, bool force, CheckoutResult result)
    {
        foreach (var output in outputs)
        {
            try
            {
                if (output.Only is null)
                    Restore(pipeline, output, force, result);
                else
                    RestorePart(pipeline, output, force, result);
            }
            catch (MissingDataException error)
            {
                result.Missing.Add((output.Path, error.Message));
            }
            catch (DataException error)
            {
                result.Problems.Add(error.Message);
            }
        }

        pipeline.Project.SaveState();
    }

    private static void Restore(Pipeline pipeline, TrackedOutput output, bool force, CheckoutResult result)
    {
        var before = output.Digest.IsFolder && Directory.Exists(output.Path) ? FilesOf(pipeline.Project, output.Path) : null;
        var change = pipeline.Project.Workspace.Restore(output.Path, output.Digest, force);
        if (change == Change.None)
            return;
        var shown = pipeline.Project.Shown(output.Path);
        result.Done.Add((change == Change.Added ? 'A' : 'M', output.Digest.IsFolder ? shown + "/" : shown));
        if (!output.Digest.IsFolder && change == Change.Added)
            result.Added++;
        else if (!output.Digest.IsFolder)
            result.Modified++;
        else
            Count(before ?? [], pipeline.Project.Cache.ReadListing(output.Digest.Md5), result);
    }

    // Some files of a folder: each is a file of its own, and what else lies in the folder stays.
    private static void RestorePart(Pipeline pipeline, TrackedOutput output, bool force, CheckoutResult result)
    {
        var project = pipeline.Project;
        if (!project.Cache.Has(output.Digest.Md5))
            throw new MissingDataException($"`{project.Shown(output.Path)}` is not in the cache; get it with `mlops pull`", [output.Path]);
        var files = project.Cache.ReadListing(output.Digest.Md5).Files.Where(f => output.Means(f.Path)).ToList();
        if (files.Count == 0)
            throw new DataException($"`{project.Shown(Path.Combine(output.Path, output.Only![0]))}` is not in the tracked folder `{project.Shown(output.Path)}`");
        foreach (var (path, md5) in files)
            Restore(pipeline, new TrackedOutput(Path.Combine(output.Path, path), new Digest(md5, 0)), force, result);
    }

    private static void Count(Dictionary<string, string> before, DirectoryListing now, CheckoutResult result)
    {
        foreach (var (path, md5) in now.Files)
        {
            if (!before.Remove(path, out var was))
                result.Added++;
            else if (was != md5)
                result.Modified++;
        }

        result.Deleted += before.Count;
    }

    // Digests that are known already cost a look at each file; Restore needs the same ones next.
    private static Dictionary<string, string> FilesOf(Project project, string folder)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (FileStamp.Of(file) is not null && !project.Ignore.Ignores(file, isFolder: false))
                files[Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/')] = project.State.DigestOf(file).Md5;
        }

        return files;
    }
}
