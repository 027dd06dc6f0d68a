namespace Ci.EdgeAgent.Hosting.Services;

/// <summary>The system's manager of services, where it starts and stops by calls and not by signals (Windows).</summary>
internal interface IServiceManager
{
    /// <summary>Where lines go, for such a service has no console; each with its priority.</summary>
    Action<LogLevel, string> Log { get; }

    /// <summary>
    /// Hands the process over: calls <see cref="AgentService.Start"/> and <see cref="AgentService.Stop"/> when the system says so, tells the system how it went, and returns
    /// when the service has ended. <see cref="EdgeAgentException"/> where the system did not start this process as a service.
    /// </summary>
    void Run(AgentService service);
}
