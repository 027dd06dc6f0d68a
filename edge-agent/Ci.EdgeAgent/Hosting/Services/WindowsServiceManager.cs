using System.Diagnostics;
using System.Runtime.Versioning;
using System.ServiceProcess;

namespace Ci.EdgeAgent.Hosting.Services;

/// <summary>
/// Windows' service control manager, by .NET's own ServiceBase. The generic host's package for services is this and a host around it, which the agent does not have;
/// in a publish for Linux the trimmer takes all of it out.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsServiceManager : IServiceManager
{
    /// <summary>The service's name, and that of its lines' source in the event log (the installation script makes both).</summary>
    public const string Name = "edge-agent";

    // The event log takes 31,839 characters.
    private const int LongestLine = 30_000;

    public Action<LogLevel, string> Log { get; } = Write;

    public void Run(AgentService service)
    {
        using var windows = new Service(service);
        ServiceBase.Run(windows);
        if (!windows.WasStarted)
            throw new EdgeAgentException("`--service` is for Windows' service manager, which did not start this process: leave it out, or `sc.exe start edge-agent`");
    }

    private static void Write(LogLevel level, string line)
    {
        try
        {
            EventLog.WriteEntry(Name, line.Length > LongestLine ? line[..LongestLine] + "…" : line, level switch
            {
                LogLevel.Error => EventLogEntryType.Error,
                LogLevel.Warning => EventLogEntryType.Warning,
                _ => EventLogEntryType.Information,
            });
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or InvalidOperationException or System.Security.SecurityException or ArgumentException)
        {
            // No source of that name, or a full log: no reason not to serve.
        }
    }

    private sealed class Service : ServiceBase
    {
        // ERROR_EXCEPTION_IN_SERVICE: the manager takes it for a crash and does what `sc.exe failure` says.
        private const int Failed = 1064;
        private readonly AgentService agent;
        private volatile bool isStopping;

        public Service(AgentService agent)
        {
            this.agent = agent;
            (ServiceName, CanShutdown, AutoLog) = (Name, true, false);
        }

        public bool WasStarted { get; private set; }

        protected override void OnStart(string[] args)
        {
            WasStarted = true;
            ExitCode = Failed; // until it serves
            agent.Start(Busy);
            ExitCode = 0;
            _ = agent.Running.ContinueWith(Ended, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        protected override void OnStop()
        {
            isStopping = true;
            agent.Stop(Busy);
        }

        // More time cannot be asked for then: Windows' own limit holds.
        protected override void OnShutdown()
        {
            isStopping = true;
            agent.Stop(_ => { });
        }

        private void Ended(Task<int> running)
        {
            if (isStopping)
                return;
            ExitCode = running.IsCompletedSuccessfully && running.Result == 0 ? 0 : Failed;
            Stop();
        }

        private void Busy(TimeSpan time) => RequestAdditionalTime(time);
    }
}
