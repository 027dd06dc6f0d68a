using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ci.Data;

/// <summary>A folder as DVC stores it: every file's digest and path below the folder, in one JSON object named by its own MD5.</summary>
public sealed class DirectoryListing
{
    private const int MaxBytes = 512 << 20;

    private DirectoryListing(IReadOnlyList<(string Path, string Md5)> files, byte[] bytes)
    {
        this.Files = files;
        this.Bytes = bytes;
#pragma warning disable CA5351 // DVC's format
        this.Md5 = Convert.ToHexStringLower(MD5.HashData(bytes)) + Digest.FolderSuffix;
#pragma warning restore CA5351
    }

    /// <summary>Paths below the folder with '/', in order of their code points.</summary>
    public IReadOnlyList<(string Path, string Md5)> Files { get; }

    /// <summary>As Python's <c>json.dumps</c> writes it.</summary>
    public byte[] Bytes { get; }

    public string Md5 { get; }

    public static DirectoryListing Of(IEnumerable<(string Path, string Md5)> files)
    {
        var sorted = files.ToArray();
        // Code points and UTF-16 units sort alike where no surrogates are.
        var order = sorted.Any(f => f.Path.AsSpan().ContainsAnyInRange('\ud800', '\udfff')) ? PythonText.Order : StringComparer.Ordinal;
        Array.Sort(sorted, (a, b) => order.Compare(a.Path, b.Path));
        return new DirectoryListing(sorted, Encoding.ASCII.GetBytes(Text(sorted)));
    }

    private static string Text((string Path, string Md5)[] files)
    {
        var text = new StringBuilder("[", files.Length * 96);
        foreach (var (path, md5) in files)
        {
            text.Append(text.Length > 1 ? ", " : "").Append("{\"md5\": \"").Append(md5).Append("\", \"relpath\": ");
            PythonText.AppendString(text, path);
            text.Append('}');
        }

        return text.Append(']').ToString();
    }

    /// <summary>Reads a stored listing; a path that leaves the folder is refused.</summary>
    public static DirectoryListing Read(byte[] bytes, string name)
    {
        if (bytes.Length > MaxBytes)
            throw new CorruptDataException($"the folder listing {name} is larger than {MaxBytes >> 20} MiB");
        try
        {
            using var json = JsonDocument.Parse(bytes);
            var files = new List<(string, string)>(json.RootElement.GetArrayLength());
            var isLegacy = Digest.IsLegacyName(name);
            foreach (var item in json.RootElement.EnumerateArray())
            {
                var path = item.GetProperty("relpath").GetString() ?? "";
                var md5 = item.GetProperty("md5").GetString() ?? "";
                if (!Digest.IsValid(md5) || !IsBelow(path))
                    throw new CorruptDataException($"the folder listing {name} holds `{path}`, which is not a path below a folder");
                files.Add((path, isLegacy ? Digest.LegacyName(md5) : md5));
            }

            return new DirectoryListing(files, bytes);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new CorruptDataException($"the folder listing {name} is damaged: {error.Message}");
        }
    }

    private static bool IsBelow(ReadOnlySpan<char> path)
    {
        foreach (var part in path.Split('/'))
        {
            if (path[part] is "" or "." or ".." || path[part].Contains('\0'))
                return false;
        }

        return path.Length > 0;
    }
}
