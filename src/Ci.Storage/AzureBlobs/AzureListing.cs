using System.Globalization;
using System.Xml;

namespace Ci.Storage.AzureBlobs;

/// <summary>Reads a page of a container's list.</summary>
internal static class AzureListing
{
    private const long MostCharacters = 64 << 20;

    /// <summary>Reads the XML that the service answers.</summary>
    /// <exception cref="StorageUnavailableException">The answer is no list, or ends half-way.</exception>
    public static BlobPage Read(Stream body, string prefix, string description)
    {
        var blobs = new List<BlobInfo>();
        string? next = null;
        try
        {
            using var reader = XmlReader.Create(body, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, MaxCharactersInDocument = MostCharacters, IgnoreWhitespace = true });
            reader.MoveToContent();
            if (reader.LocalName != "EnumerationResults")
                throw new XmlException("it is no list of blobs");
            while (!reader.EOF)
            {
                if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "Blob")
                {
                    if (BlobOf(reader, prefix) is { } blob)
                        blobs.Add(blob);
                }
                else if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "NextMarker")
                    next = reader.ReadElementContentAsString();
                else
                    reader.Read();
            }
        }
        catch (Exception error) when (error is XmlException or IOException or FormatException)
        {
            throw new StorageUnavailableException($"{description} answered a list that cannot be read: {error.Message}", error);
        }

        return new BlobPage(blobs, string.IsNullOrEmpty(next) ? null : next);
    }

    private static BlobInfo? BlobOf(XmlReader reader, string prefix)
    {
        string name = "", etag = "";
        var (length, modified) = (0L, DateTimeOffset.UnixEpoch);
        using (var inner = reader.ReadSubtree())
        {
            inner.Read();
            inner.Read();
            while (!inner.EOF)
            {
                switch (inner.NodeType == XmlNodeType.Element ? inner.LocalName : "")
                {
                    case "Name":
                        name = inner.ReadElementContentAsString();
                        break;
                    case "Content-Length":
                        length = long.Parse(inner.ReadElementContentAsString(), NumberStyles.None, CultureInfo.InvariantCulture);
                        break;
                    case "Etag":
                        etag = inner.ReadElementContentAsString();
                        break;
                    case "Last-Modified":
                        modified = DateTimeOffset.Parse(inner.ReadElementContentAsString(), CultureInfo.InvariantCulture);
                        break;
                    case "Properties":
                        inner.Read();
                        break;
                    default:
                        if (inner.NodeType == XmlNodeType.Element)
                            inner.Skip();
                        else
                            inner.Read();
                        break;
                }
            }
        }

        reader.Read();
        return name.StartsWith(prefix, StringComparison.Ordinal) ? new BlobInfo(name[prefix.Length..], length, Quoted(etag), modified) : null;
    }

    // Lists give ETags without the quotes that headers have.
    private static string Quoted(string etag) => etag.StartsWith('"') ? etag : $"\"{etag}\"";
}
