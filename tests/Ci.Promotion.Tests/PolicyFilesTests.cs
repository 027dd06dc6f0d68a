using System.Text;

namespace Ci.Promotion.Tests;

public sealed class PolicyFilesTests
{
    [Theory]
    [InlineData("environments:\n  - name: staging\n    aprovals: 1\n", "aprovals")]
    [InlineData("environments:\n  - name: staging\n    approvals: -1\n", "approvals")]
    [InlineData("environments:\n  - name: staging\n    gates: maybe\n", "gates")]
    [InlineData("environments:\n  - name: ../x\n", "../x")]
    [InlineData("environments:\n  - name: staging\n  - name: staging\n", "same name")]
    [InlineData("environments: []\n", "no environment")]
    [InlineData("", "environments")]
    [InlineData("environments: [", "YAML")]
    public void A_policy_that_is_not_exactly_right_is_refused_with_its_place(string yaml, string word)
    {
        var message = Assert.Throws<PromotionException>(() => PolicyFiles.ReadPolicy(Encoding.UTF8.GetBytes(yaml))).Message;
        Assert.StartsWith("policy/environments.yaml:", message, StringComparison.Ordinal);
        Assert.Contains(word, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Freezes_read_back_as_they_were_written_whatever_the_reason_holds()
    {
        Freeze[] freezes =
        [
            new() { Environment = "production", From = DateTimeOffset.UnixEpoch, Until = DateTimeOffset.UnixEpoch.AddDays(1), Reason = "a: \"b\" # c", By = "alice" },
            new() { Environment = "staging", Model = "energy-load", From = DateTimeOffset.UnixEpoch, Reason = "x", By = "bob" },
        ];
        Assert.Equal(freezes, PolicyFiles.ReadFreezes(PolicyFiles.WriteFreezes(freezes)));
        Assert.Empty(PolicyFiles.ReadFreezes(PolicyFiles.WriteFreezes([])));
    }

    [Fact]
    public void The_template_s_policy_is_valid()
    {
        var folder = Path.Combine(Ci.Testing.RepositoryRoot.Path, "templates", "deploy-repository", "policy");
        var policy = PolicyFiles.ReadPolicy(File.ReadAllBytes(Path.Combine(folder, "environments.yaml")));
        Assert.Equal(["development", "staging", "production"], policy.Environments.Select(environment => environment.Name));
        Assert.Equal("main", policy.Environments[0].Branch);
        Assert.Empty(PolicyFiles.ReadFreezes(File.ReadAllBytes(Path.Combine(folder, "freezes.yaml"))));
    }
}
