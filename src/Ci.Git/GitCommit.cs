namespace Ci.Git;

/// <summary>One commit.</summary>
/// <param name="Id">Full id.</param>
/// <param name="Parents">Full ids, in order.</param>
/// <param name="Author"><c>Name &lt;email&gt;</c>.</param>
/// <param name="AuthorDate">When it was written.</param>
/// <param name="CommitterDate">When it was committed.</param>
/// <param name="Subject">First paragraph of the message, on one line.</param>
/// <param name="Body">The rest of the message, trailers included.</param>
/// <param name="Trailers">By key, case ignored; of a repeated key the last one counts.</param>
public sealed record GitCommit(
    string Id,
    IReadOnlyList<string> Parents,
    string Author,
    DateTimeOffset AuthorDate,
    DateTimeOffset CommitterDate,
    string Subject,
    string Body,
    IReadOnlyDictionary<string, string> Trailers);
