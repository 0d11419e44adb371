using System.Text.Json.Serialization.Metadata;

namespace Sprig.Supervision;

/// <summary>The other side of a <see cref="ProcessPool"/>: what the program does when it was started as a worker of its own pool.</summary>
/// <remarks>A worker runs one piece of work at a time, as a coroutine of a scheduler of its own. What it prints goes to standard error.
/// It ends when its input does: with the
/// program, however that ends. In the middle of work it has two seconds then. SIGINT and SIGTERM it leaves to the program.</remarks>
/// <example><code>
/// ProcessEntry&lt;int, long&gt; fibonacci = ProcessWorker.Register("fibonacci", (int n) => Fibonacci(n), Json.Default.Int32, Json.Default.Int64);
/// ProcessWorker.ServeIfAsked();               // a worker goes no further
/// CoroutineScheduler.Run(async () =>
/// {
///     await using ProcessPool pool = new(size: 4);
///     Console.WriteLine(await pool.RunAsync(fibonacci, 40));
/// });
/// </code></example>
public static class ProcessWorker
{
    /// <summary>Set in a worker's environment.</summary>
    internal const string Variable = "SPRIG_PROCESS_WORKER";

    private static readonly Lock s_gate = new();
    private static readonly Dictionary<string, ProcessEntry> s_entries = [];

    /// <summary>Whether this process was started as a worker and does not serve: there would be no end of starting.</summary>
    internal static bool WasAskedInVain => Environment.GetEnvironmentVariable(Variable) is not null;

    /// <summary>Registers a piece of work, before <see cref="ServeIfAsked"/>: a worker must come by here too.</summary>
    /// <typeparam name="TIn">The input's type.</typeparam>
    /// <typeparam name="TOut">The result's type.</typeparam>
    /// <param name="name">Unique in the program.</param>
    /// <param name="work">Runs in the worker, whose only coroutine it may block.</param>
    /// <param name="input">How the input stands in JSON: of a JsonSerializerContext.</param>
    /// <param name="output">How the result stands in JSON.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public static ProcessEntry<TIn, TOut> Register<TIn, TOut>(string name, Func<TIn, TOut> work, JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Register(name, value => Task.FromResult(work(value)), input, output);
    }

    /// <inheritdoc cref="Register{TIn, TOut}(string, Func{TIn, TOut}, JsonTypeInfo{TIn}, JsonTypeInfo{TOut})"/>
    public static ProcessEntry<TIn, TOut> Register<TIn, TOut>(string name, Func<TIn, Task<TOut>> work, JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ProcessEntry<TIn, TOut> entry = new(name, work, input, output);
        lock (s_gate)
        {
            if (!s_entries.TryAdd(name, entry))
                throw new ArgumentException($"An {entry} is registered already; each needs a name of its own.", nameof(name));
        }

        return entry;
    }

    /// <summary>Call it near the top of Main, when everything is registered and before anything is printed. Where the process was
    /// started as a worker it serves until its input ends, exits, and never returns; else it does nothing.</summary>
    public static void ServeIfAsked()
    {
        if (!WasAskedInVain)
            return;
        // What this one starts is no worker.
        Environment.SetEnvironmentVariable(Variable, null);
        WorkerService.Run();
        Environment.Exit(0);
    }

    internal static ProcessEntry Find(string name)
    {
        lock (s_gate)
        {
            return s_entries.TryGetValue(name, out ProcessEntry? entry) ? entry
                : throw new InvalidOperationException($"The worker process knows no entry '{name}' but {string.Join(", ", s_entries.Keys.Select(known => $"'{known}'"))}. "
                    + "Register it before ServeIfAsked; a static field that nothing has touched by then has registered nothing.");
        }
    }
}
