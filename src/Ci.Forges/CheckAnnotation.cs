namespace Ci.Forges;

/// <summary>A note on a line of a file, shown with the check and in the pull request's changes.</summary>
/// <param name="Path">Relative to the repository's root, with '/'.</param>
/// <param name="Line">From 1.</param>
/// <param name="Level">How loud.</param>
/// <param name="Title">One line; cut at 255 characters.</param>
/// <param name="Message">Plain text; cut at 64 KiB.</param>
public sealed record CheckAnnotation(string Path, int Line, CheckAnnotationLevel Level, string Title, string Message);
