namespace Ci.Testing.Forge;

/// <summary>A file that somebody uploaded to a project; who knows its secret may read it.</summary>
public sealed record GitLabUploaded(long Id, string Secret, string FileName, string ContentType, byte[] Content, string Login, DateTimeOffset At);
