namespace Ci.Forges;

/// <summary>
/// One repository on one forge, with what the vendor can do there. Abilities that not every vendor has are null where they are absent.
/// Calls are retried under one deadline for all (<see cref="ForgeOptions.Deadline"/>) as their port says; what remains is thrown as a
/// <see cref="ForgeException"/>.
/// </summary>
public interface IForge : IDisposable
{
    /// <summary>For messages: vendor, repository and host, e.g. "GitHub acme/energy-load at api.github.com".</summary>
    string Description { get; }

    IComments Comments { get; }

    IPullRequests PullRequests { get; }

    IChecks Checks { get; }

    /// <summary>Null where the vendor (or this version of us) cannot list approvals.</summary>
    IReviews? Reviews { get; }

    /// <summary>Null where pictures cannot be published beside the repository.</summary>
    IAssets? Assets { get; }

    /// <summary>Null where other workflows cannot be started.</summary>
    IDispatch? Dispatch { get; }
}
