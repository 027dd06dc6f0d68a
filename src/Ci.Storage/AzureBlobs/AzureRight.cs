namespace Ci.Storage.AzureBlobs;

/// <summary>What a request must be allowed to do.</summary>
/// <param name="What">In words.</param>
/// <param name="Sas">The letters of a SAS that allow it.</param>
/// <param name="Role">The built-in role that allows it.</param>
internal sealed record AzureRight(string What, string Sas, string Role)
{
    public static readonly AzureRight Read = new("read", "r", "Storage Blob Data Reader");
    public static readonly AzureRight List = new("list", "l", "Storage Blob Data Reader");
    public static readonly AzureRight Write = new("write", "c and w", "Storage Blob Data Contributor");
    public static readonly AzureRight Delete = new("delete", "d", "Storage Blob Data Contributor");
    public static readonly AzureRight CreateContainer = new("create containers", "c for the account", "Storage Blob Data Contributor");
}
