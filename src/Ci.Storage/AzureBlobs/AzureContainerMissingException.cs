namespace Ci.Storage.AzureBlobs;

/// <summary>The container does not exist. A first put makes it; everything else reports it.</summary>
internal sealed class AzureContainerMissingException(string message) : StorageException(message);
