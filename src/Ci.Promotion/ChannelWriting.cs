using Ci.Releases;

namespace Ci.Promotion;

/// <summary>The one form of a commit that writes a channel.</summary>
internal static class ChannelWriting
{
    /// <summary>A promotion names the commit that it came from; a rollback comes from none.</summary>
    public const string SourceTrailer = "Promotion-Source";

    public static DeployChange Change(Channel channel, string subject, string? source)
    {
        var bytes = channel.ToBytes();
        // The channel's digest in the trailer lets reconcile tell a promotion from an edit by hand.
        var message = $"{subject}\n\nSequence {channel.Sequence} of {channel.Model} in {channel.Environment}.\n\n"
            + $"{DeployRepository.PromotionTrailer}: {channel.PromotionId}\n"
            + $"{DeployRepository.ChannelTrailer}: {Sha256Digest.Of(bytes)}\n"
            + (source is null ? "" : $"{SourceTrailer}: {source}\n");
        return new DeployChange(
            new Dictionary<string, byte[]?>(StringComparer.Ordinal) { [Channel.PathOf(channel.Environment, channel.Model)] = bytes }, message);
    }
}
