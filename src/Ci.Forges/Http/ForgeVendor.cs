using System.Net.Http.Headers;

namespace Ci.Forges.Http;

/// <summary>What differs between vendors below their ports.</summary>
/// <param name="Title">"GitHub".</param>
/// <param name="Prepare">Adds the vendor's headers (token, version) to a request.</param>
/// <param name="AcceptedPermissions">The permissions that an answer names as sufficient; null where it names none.</param>
/// <param name="PermissionAdvice">How to get a permission: takes its name.</param>
/// <param name="TokenAdvice">How to give a token.</param>
internal sealed record ForgeVendor(
    string Title,
    Action<HttpRequestHeaders> Prepare,
    Func<ForgeAnswer, string?> AcceptedPermissions,
    Func<string, string> PermissionAdvice,
    string TokenAdvice);
