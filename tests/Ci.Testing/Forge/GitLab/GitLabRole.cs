namespace Ci.Testing.Forge;

/// <summary>What somebody may do in a project, with GitLab's numbers. https://docs.gitlab.com/user/permissions/</summary>
public enum GitLabRole
{
    None = 0,
    Guest = 10,
    Reporter = 20,
    Developer = 30,
    Maintainer = 40,
}
