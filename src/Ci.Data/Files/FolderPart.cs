using System.Text;

namespace Ci.Data.Files;

/// <summary>The files that lie in one folder itself, names as bytes.</summary>
/// <param name="path">Absolute.</param>
/// <param name="relative">UTF-8, below the folder that was walked, with '/' at its end; empty for that folder itself.</param>
/// <param name="key">Of the path.</param>
/// <param name="names">UTF-8, one after the other.</param>
/// <param name="items">Where each name lies, and its stamp.</param>
internal sealed class FolderPart(string path, byte[] relative, Hash128 key, byte[] names, FolderPart.Item[] items)
{
    public readonly record struct Item(int Start, int Length, FileStamp Stamp);

    private readonly Lock gate = new();

    public ReadOnlySpan<byte> Relative => relative;

    public Item[] Items => items;

    /// <summary>The digest of each file, once it is known.</summary>
    public Hash128[]? Md5s { get; private set; }

    /// <summary>Adds up over the files, in whatever order they come.</summary>
    public Hash128 Print { get; private set; } = PrintOf(key, names, items);

    public ReadOnlySpan<byte> NameOf(int item) => names.AsSpan(items[item].Start, items[item].Length);

    public Hash128 KeyOf(int item) => FileKey.Of(key, this.NameOf(item));

    public string PathOf(int item) => Path.Combine(path, Encoding.UTF8.GetString(this.NameOf(item)));

    public void Prepare() => this.Md5s = new Hash128[items.Length];

    /// <summary>Takes a digest; may be called from many threads once <see cref="Prepare"/> was.</summary>
    /// <param name="item">Of which file.</param>
    /// <param name="stamp">As it was when it was read; may be another one than when its folder was.</param>
    /// <param name="md5">Of its bytes.</param>
    public void Know(int item, in FileStamp stamp, Hash128 md5)
    {
        this.Md5s![item] = md5;
        if (items[item].Stamp == stamp)
            return;
        lock (this.gate)
        {
            var file = this.KeyOf(item);
            this.Print = this.Print - FileKey.Of(file, items[item].Stamp) + FileKey.Of(file, stamp);
            items[item] = items[item] with { Stamp = stamp };
        }
    }

    private static Hash128 PrintOf(Hash128 key, byte[] names, Item[] items)
    {
        var sum = Hash128.Zero;
        foreach (ref readonly var item in items.AsSpan())
            sum += FileKey.Of(FileKey.Of(key, names.AsSpan(item.Start, item.Length)), item.Stamp);
        return sum;
    }
}
