using System.Text;

namespace Ci.Data.Files;

/// <summary>All files below a folder, each looked at once and none of them read.</summary>
internal sealed class FolderTree(string path, IReadOnlyList<FolderPart> parts)
{
    private static readonly Hash128 FolderSalt = new(0x666F6C6465720000, 0x6C697374696E6700);

    public string Path { get; } = path;

    public IReadOnlyList<FolderPart> Parts { get; } = parts;

    public int Count { get; } = parts.Sum(p => p.Items.Length);

    /// <summary>Under which the state of the whole folder is remembered.</summary>
    public Hash128 Key => FileKey.Of(this.Path) ^ FolderSalt;

    /// <summary>Bytes in all files.</summary>
    public long Size => this.Parts.Sum(p => p.Items.Sum(i => i.Stamp.Size));

    /// <summary>The same as long as no file was added, removed, renamed or changed, as far as stamps tell.</summary>
    public Hash128 Print => this.Parts.Aggregate(Hash128.Zero, (sum, part) => sum + part.Print);

    /// <summary>When something changed last, in nanoseconds since 1970.</summary>
    public long Youngest => this.Parts.Max(p => p.Items.Length == 0 ? 0 : p.Items.Max(i => i.Stamp.Youngest));

    /// <summary>The first two names in one folder that are one where upper and lower case are; null where there are none.</summary>
    public CaseCollision? FindCaseCollision()
    {
        var folders = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in this.Parts)
        {
            var folder = Encoding.UTF8.GetString(part.Relative);
            if (!folders.TryAdd(folder, folder))
                return CaseCollision.Of(folders[folder], folder);
            var names = new Dictionary<string, string>(part.Items.Length, StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < part.Items.Length; i++)
            {
                var name = Encoding.UTF8.GetString(part.NameOf(i));
                if (!names.TryAdd(name, name))
                    return CaseCollision.Of(folder + names[name], folder + name);
            }
        }

        return null;
    }

    /// <summary>Every file, by its part and its place there.</summary>
    public IEnumerable<(FolderPart Part, int Item)> Files => this.Parts.SelectMany(p => Enumerable.Range(0, p.Items.Length).Select(i => (p, i)));
}
