using System.CommandLine;
using System.Text.Json.Nodes;
using Ci.Pipelines.Upstream;

namespace Ci.Cli.Verbs;

internal static class GetVerb
{
    public const string Summary = "Get a file or folder out of another repository, without tracking it.";

    public static Command Create(CliContext context)
    {
        var url = new Argument<string>("url") { Description = "The repository: a path, or an address that git takes." };
        var path = new Argument<string>("path") { Description = "The file or folder in it, kept by Git or tracked as data." };
        var output = UpstreamVerbs.Out();
        var revision = UpstreamVerbs.Revision();
        var remote = UpstreamVerbs.Remote();
        var showUrl = new Option<bool>("--show-url") { Description = "Only say where its bytes lie on the repository's remote." };
        var force = new Option<bool>("--force", "-f") { Description = "Replace what is there already." };
        var command = new Command("get", Summary) { url, path, output, revision, remote, showUrl, force, UpstreamVerbs.Jobs() };
        UpstreamVerbs.RefuseSettings(command);
        return command.Does(context, async (parsed, ct) =>
        {
            var (from, what) = (parsed.GetValue(url)!, parsed.GetValue(path)!);
            var options = UpstreamVerbs.Options(context, parsed.GetValue(remote));
            if (parsed.GetValue(showUrl))
            {
                using var here = ScratchProject.HereOrNew(context);
                using var asked = await UpstreamRepository.OpenAsync(from, parsed.GetValue(revision), here.Project, options, ct);
                context.Line(asked.Address(await asked.FindAsync(what, ct)));
                return ExitCode.Ok;
            }

            var target = UpstreamVerbs.Target(context, what, parsed.GetValue(output));
            if (Path.Exists(target) && !parsed.GetValue(force))
                throw new CliException($"`{Path.GetRelativePath(context.WorkingDirectory, target)}` exists already; --force replaces it");
            using var scratch = ScratchProject.Beside(target, context);
            using var upstream = await UpstreamRepository.OpenAsync(from, parsed.GetValue(revision), scratch.Project, options, ct);
            var item = await upstream.FindAsync(what, ct);
            await upstream.FetchAsync(item, ct);
            UpstreamVerbs.Place(upstream, item, target, scratch.Project.Root);
            if (parsed.IsJson())
                context.WriteJson(new JsonObject { ["path"] = Path.GetRelativePath(context.WorkingDirectory, target), ["files"] = item.Files.Count, ["rev"] = upstream.Commit });
            return ExitCode.Ok;
        });
    }
}
