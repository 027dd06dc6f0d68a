namespace Ci.Forges;

/// <summary>A comment as the forge has it.</summary>
/// <param name="Target">What it hangs on.</param>
/// <param name="Id">The forge's number for it; rises with time.</param>
/// <param name="Author">The author's login, e.g. "github-actions[bot]".</param>
/// <param name="Body">Markdown, as stored.</param>
/// <param name="Url">Where a person can read it.</param>
/// <param name="IsOurs">Whether it was written as whom we speak; null where the list did not say (ask <see cref="IComments.SelfAsync"/>).</param>
public sealed record Comment(CommentTarget Target, long Id, string Author, string Body, Uri Url, bool? IsOurs = null);
