using System.Text;
using Ci.Testing;

namespace Ci.Jobs.Tests;

public sealed class DamagedEventTests
{
    [Theory]
    [InlineData("github-pull-request.json")]
    [InlineData("github-pull-request-deleted-fork.json")]
    [InlineData("github-workflow-run.json")]
    public void A_damaged_event_is_read_or_named(string fixture)
    {
        var whole = File.ReadAllBytes(RepositoryRoot.At("tests", "Fixtures", "jobs", fixture));
        var environment = new Dictionary<string, string> { ["GITHUB_ACTIONS"] = "true", ["GITHUB_REPOSITORY"] = "acme/energy-load", ["GITHUB_EVENT_PATH"] = "/event.json" };
        DocumentDamage.Check<JobException>(whole, json =>
        {
            var job = JobDetector.Detect(environment, _ => Encoding.UTF8.GetString(json));
            _ = (job.CommitSha, job.PullRequest?.Number);
        });
    }
}
