namespace Ci.Testing.Forge;

/// <summary>A token with its owner and rights.</summary>
/// <param name="Value">What goes into the Authorization header.</param>
/// <param name="Login">Whose it is.</param>
/// <param name="IsApp">A GitHub App's installation token, as jobs get: only these write check runs, and GET /user refuses them.</param>
/// <param name="Rights">Areas not named are not accessible.</param>
public sealed record SimulatedToken(string Value, string Login, bool IsApp, IReadOnlyDictionary<Area, Access> Rights)
{
    /// <summary>Write access to everything.</summary>
    public static IReadOnlyDictionary<Area, Access> Everything { get; } = Enum.GetValues<Area>().ToDictionary(a => a, _ => Access.Write);

    /// <summary>What a job of a pull request from a fork gets.</summary>
    public static IReadOnlyDictionary<Area, Access> ReadOnly { get; } = Enum.GetValues<Area>().ToDictionary(a => a, _ => Access.Read);

    /// <summary>Whether the token may do this.</summary>
    public bool May(Area area, Access access) => this.Rights.GetValueOrDefault(area) >= access;
}
