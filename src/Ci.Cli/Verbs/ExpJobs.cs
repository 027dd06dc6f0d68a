using System.Text;
using System.Text.Json.Nodes;
using Ci.Data;
using Ci.Pipelines.Experiments;

namespace Ci.Cli.Verbs;

/// <summary>The jobs of a plan in the words of what runs them. Every text from outside stands in quotes.</summary>
internal static class ExpJobs
{
    private const int MostGitHub = 256;
    private const int MostGitLab = 200;

    /// <summary>For <c>strategy.matrix: ${{ fromJSON(…) }}</c>.</summary>
    public static string GitHub(int trials) => trials <= MostGitHub
        ? new JsonObject { ["trial"] = new JsonArray([.. Enumerable.Range(0, trials).Select(t => (JsonNode?)t)]) }.ToJsonString()
        : throw new CliException($"GitHub runs at most {MostGitHub} jobs of one matrix, and this plan has {trials} trials; plan fewer, or use --kubernetes");

    /// <summary>A child pipeline; the parent's job <c>plan</c> hands it the plan.</summary>
    public static string GitLab(int trials, string plan, string image)
    {
        if (trials > MostGitLab)
            throw new CliException($"GitLab runs at most {MostGitLab} jobs of one matrix, and this plan has {trials} trials; plan fewer, or use --kubernetes");
        var numbers = string.Join(", ", Enumerable.Range(0, trials).Select(t => $"\"{t}\""));
        return $"""
            # A child pipeline, written by `mlops exp matrix --gitlab`: one job a trial, and one that gathers the results.
            stages: [trials, collect]

            default:
              image:
                name: {Quoted(image)}
                entrypoint: [""]
              interruptible: true

            variables:
              GIT_DEPTH: "0"

            trial:
              stage: trials
              needs:
                - pipeline: $PARENT_PIPELINE_ID
                  job: plan
              parallel:
                matrix:
                  - TRIAL: [{numbers}]
              script:
                - mlops pull
                - mlops exp run --plan {Shell(plan)} --trial "$TRIAL"

            collect:
              stage: collect
              needs:
                - pipeline: $PARENT_PIPELINE_ID
                  job: plan
                - job: trial
                  artifacts: false
                  optional: true
              when: always
              script:
                - mlops exp collect {Shell(plan)} --md
            """.Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    /// <summary>A ConfigMap with the plan, and a Job whose pods count its trials.</summary>
    public static string Kubernetes(ExperimentPlan plan, string commit, string inside, string repository, string image, int parallel)
    {
        var name = $"mlops-sweep-{plan.IdAt(commit)}";
        var text = Encoding.UTF8.GetString(plan.ToBytes());
        // The API server takes no larger ConfigMap.
        if (text.Length > 1_000_000)
            throw new CliException("this plan is larger than a ConfigMap may be (1 MiB); plan fewer trials");
        var script = $"git clone --quiet \"$REPOSITORY\" work && cd work && git checkout --quiet {commit} && cd {Shell(inside)} && mlops pull && mlops exp run --plan /plan/{ExperimentPlan.FileName} --trial \"$JOB_COMPLETION_INDEX\"";
        return $"""
            # Written by `mlops exp matrix --kubernetes`: kubectl apply -f THIS; kubectl wait --for=condition=complete job/{name}; mlops exp collect
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: {name}
            data:
              {ExperimentPlan.FileName}: {Quoted(text)}
            ---
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {name}
            spec:
              completionMode: Indexed
              completions: {plan.Trials.Count}
              parallelism: {Math.Min(parallel, plan.Trials.Count)}
              backoffLimitPerIndex: 1
              maxFailedIndexes: {plan.Trials.Count}
              {Indented(Pod(name, script, repository, image), 2).TrimStart()}
            """.Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    // Least rights: no account, no capabilities, a user of its own, two folders that it may write to.
    private static string Pod(string name, string script, string repository, string image) => $"""
        template:
          spec:
            restartPolicy: Never
            automountServiceAccountToken: false
            securityContext:
              runAsNonRoot: true
              runAsUser: 10001
              fsGroup: 10001
              seccompProfile:
                type: RuntimeDefault
            containers:
              - name: trial
                image: {Quoted(image)}
                workingDir: /work
                command: ["/bin/sh", "-ec", {Quoted(script)}]
                env:
                  - name: REPOSITORY
                    value: {Quoted(repository)}
                  - name: HOME
                    value: /work
                # Keys of the data remote and of the repository: a secret of yours, by this name.
                envFrom:
                  - secretRef:
                      name: mlops-sweep
                      optional: true
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities:
                    drop: [ALL]
                resources:
                  requests:
                    cpu: "1"
                    memory: 2Gi
                  limits:
                    memory: 2Gi
                volumeMounts:
                  - name: plan
                    mountPath: /plan
                    readOnly: true
                  - name: work
                    mountPath: /work
            volumes:
              - name: plan
                configMap:
                  name: {name}
              - name: work
                emptyDir: {"{}"}
        """.Replace("\r\n", "\n", StringComparison.Ordinal);

    private static string Indented(string text, int spaces) => string.Join('\n', text.Split('\n').Select(line => line.Length == 0 ? line : new string(' ', spaces) + line));

    // JSON's texts are YAML's.
    private static string Quoted(string text) => PythonText.Json(text);

    private static string Shell(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '/' or '-' or '_') && text[0] != '-' ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
