using System.Globalization;
using Ci.Data.Settings;
using Ci.Storage;

namespace Ci.Data;

/// <summary>One remote of a project.</summary>
/// <param name="Name">In lower case, as DVC compares names.</param>
/// <param name="Settings">By DVC's names of them, <c>url</c> among them.</param>
public sealed record RemoteDescription(string Name, IReadOnlyDictionary<string, string> Settings)
{
    private static readonly string[] Without = ["gs", "ssh", "hdfs", "webhdfs", "oss", "gdrive", "webdav", "webdavs"];

    /// <summary>A folder's absolute path, or an address.</summary>
    public string Url => this.Settings["url"];

    /// <summary>How many transfers go on at the same time; null: the default.</summary>
    public int? Jobs => this.Settings.TryGetValue("jobs", out var jobs) ? int.Parse(jobs, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    /// <summary>Opens the store behind the remote; nothing is asked of it before the first call.</summary>
    /// <param name="environment">Where credentials may be found.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ProjectConfigException">The remote is of a kind or has a setting that this version cannot serve.</exception>
    public IBlobStore Open(IReadOnlyDictionary<string, string> environment, TimeProvider time)
    {
        var scheme = ConfigSchema.SchemeOf(this.Url);
        if (Without.Contains(scheme, StringComparer.Ordinal))
            throw new ProjectConfigException($"remote `{this.Name}`: this version cannot speak to {scheme}:// remotes; it knows folders, azure://, s3:// (and what speaks S3), and http(s):// for reading");
        foreach (var key in new[] { "version_aware", "worktree" })
        {
            if (this.Settings.TryGetValue(key, out var value) && value.Equals("true", StringComparison.OrdinalIgnoreCase))
                throw new ProjectConfigException($"remote `{this.Name}`: `{key}` keeps data by path and version, which this version does not do; `mlops remote modify --unset {this.Name} {key}` keeps it by content");
        }

        return BlobStores.Default.Open(new BlobLocation(this.Url) { Name = this.Name, Settings = this.Settings, Environment = environment, Time = time });
    }
}
