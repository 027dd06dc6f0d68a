namespace Ci.Data;

/// <summary>Two paths that differ in case only, such as macOS and Windows take for one.</summary>
public sealed record CaseCollision(string One, string Other)
{
    /// <summary>The same whichever was found first.</summary>
    public static CaseCollision Of(string a, string b) => string.CompareOrdinal(a, b) < 0 ? new CaseCollision(a, b) : new CaseCollision(b, a);
}
