namespace Ci.Storage.AzureBlobs;

/// <summary>What makes a request be one of somebody who may.</summary>
internal interface IAzureCredential
{
    /// <summary>What it is, for messages: <c>the account key</c>. Never the secret itself.</summary>
    string Description { get; }

    /// <summary>The signature covers the time: a clock that is off can be corrected and the request sent again.</summary>
    bool SignsTime { get; }

    /// <summary>Adds to a request that is complete otherwise.</summary>
    ValueTask AuthorizeAsync(HttpRequestMessage request, CancellationToken ct);
}
