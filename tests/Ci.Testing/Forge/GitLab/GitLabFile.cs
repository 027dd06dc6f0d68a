namespace Ci.Testing.Forge;

/// <summary>A file of a form.</summary>
internal sealed record GitLabFile(string Name, string ContentType, byte[] Content);
