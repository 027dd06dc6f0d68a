namespace Ci.Reporting;

/// <summary>What is known of a release's signature when the card is made.</summary>
public enum SignatureState
{
    /// <summary>No release was given.</summary>
    None,

    /// <summary>There is a release and no signature beside it.</summary>
    Missing,

    /// <summary>There is a signature, and nothing here that it could be held against.</summary>
    NotVerified,

    /// <summary>A trusted key made the signature, and it covers the release.</summary>
    Verified,
}
