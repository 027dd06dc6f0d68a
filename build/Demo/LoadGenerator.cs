using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ci.Build.Demo;

/// <summary>Clients that keep asking the agent for forecasts, and remember how each request went.</summary>
internal sealed class LoadGenerator : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<(double At, double Milliseconds, string? Problem, string Version)> answers = new();
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly List<Task> clients;

    public LoadGenerator(Uri address, string body, int clients)
    {
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = clients };
        this.clients = [.. Enumerable.Range(0, clients).Select(_ => Task.Run(() => this.AskAsync(new HttpClient(handler, disposeHandler: false), address, body)))];
    }

    public double Now => this.watch.Elapsed.TotalSeconds;

    public int Requests => this.answers.Count;

    public IReadOnlyList<string> Problems => [.. this.answers.Where(answer => answer.Problem is not null).Select(answer => answer.Problem!)];

    /// <summary>The versions that answered, in the order of first appearance.</summary>
    public IReadOnlyList<string> Versions => [.. this.answers.Where(answer => answer.Problem is null).Select(answer => answer.Version).Distinct()];

    /// <summary>The 99th percentile of response times in ms of the requests that ended in a span of seconds.</summary>
    public double P99(double from, double to)
    {
        var times = this.answers.Where(answer => answer.At >= from && answer.At < to).Select(answer => answer.Milliseconds).Order().ToList();
        return times.Count == 0 ? double.NaN : times[Math.Min(times.Count - 1, (int)Math.Ceiling(times.Count * 0.99) - 1)];
    }

    public async Task StopAsync()
    {
        await this.stop.CancelAsync();
        await Task.WhenAll(this.clients);
    }

    public async ValueTask DisposeAsync()
    {
        await this.StopAsync();
        this.stop.Dispose();
    }

    private async Task AskAsync(HttpClient client, Uri address, string body)
    {
        while (!this.stop.IsCancellationRequested)
        {
            var start = Stopwatch.GetTimestamp();
            string? problem = null;
            var version = "";
            try
            {
                using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
                using var response = await client.PostAsync(address, content);
                var text = await response.Content.ReadAsStringAsync();
                if (response.IsSuccessStatusCode)
                    version = (string?)System.Text.Json.Nodes.JsonNode.Parse(text)?["model_version"] ?? "";
                else
                    problem = $"{(int)response.StatusCode} {text}";
            }
            catch (HttpRequestException error)
            {
                problem = error.Message;
            }

            this.answers.Enqueue((this.Now, Stopwatch.GetElapsedTime(start).TotalMilliseconds, problem, version));
            await Task.Delay(2);
        }

        client.Dispose();
    }
}
