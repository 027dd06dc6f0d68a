namespace Ci.Storage.AzureBlobs;

/// <summary>Somebody who gives out tokens of Entra ID for storage.</summary>
internal interface ITokenSource
{
    /// <summary>What it is, for messages: <c>the managed identity</c>.</summary>
    string Description { get; }

    /// <summary>A new token, and how long it is good for.</summary>
    Task<(string Token, TimeSpan Lifetime)> AskAsync(CancellationToken ct);
}
