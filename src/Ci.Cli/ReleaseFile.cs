using System.Security.Cryptography;
using Ci.Releases;

namespace Ci.Cli;

/// <summary>One file of a release in the making: its bytes, or, where they may be more than fit into memory, the file that holds them.</summary>
internal sealed class ReleaseFile
{
    private readonly byte[]? bytes;
    private readonly string? source;

    private ReleaseFile(Artifact artifact, byte[]? bytes, string? source) => (this.Artifact, this.bytes, this.source) = (artifact, bytes, source);

    public Artifact Artifact { get; }

    /// <summary>Only of files that were read whole.</summary>
    public byte[] Bytes => this.bytes ?? throw new InvalidOperationException($"{this.source} was not read into memory");

    public static ReleaseFile Of(string name, string role, byte[] bytes) =>
        new(new Artifact { Path = name, Bytes = bytes.Length, Sha256 = Sha256Digest.Of(bytes), Role = role, Chunks = ArtifactChunks.Of(bytes) }, bytes, null);

    /// <summary>Reads a file once, piece by piece.</summary>
    public static ReleaseFile From(string source, string name, string role)
    {
        using var file = File.OpenRead(source);
        var (length, size) = (file.Length, ArtifactChunks.SizeFor(file.Length));
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var pieces = new List<Sha256Digest>();
        var buffer = new byte[Math.Min(size, Math.Max(1, length))];
        for (var left = length; left > 0; left -= size)
        {
            var piece = buffer.AsSpan(0, (int)Math.Min(size, left));
            file.ReadExactly(piece);
            whole.AppendData(piece);
            pieces.Add(Sha256Digest.Of(piece));
        }

        var chunks = pieces.Count < 2 ? null : new ArtifactChunks { Bytes = size, Sha256 = pieces };
        return new ReleaseFile(new Artifact { Path = name, Bytes = length, Sha256 = Sha256Digest.FromRaw(whole.GetHashAndReset()), Role = role, Chunks = chunks }, null, source);
    }

    /// <summary>Writes it into a release's folder.</summary>
    /// <exception cref="CliException">The file is no longer what was hashed.</exception>
    public void Write(string folder)
    {
        var path = Path.Combine(folder, this.Artifact.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (this.bytes is not null)
        {
            File.WriteAllBytes(path, this.bytes);
            return;
        }

        File.Copy(this.source!, path);
        using var copy = File.OpenRead(path);
        if (Sha256Digest.FromRaw(SHA256.HashData(copy)) != this.Artifact.Sha256)
            throw new CliException($"{this.source} changed while the release was made; make it again when nothing writes the file", ExitCode.Refused);
    }
}
