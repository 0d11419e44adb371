namespace Benchmarks;

/// <summary>One of the workloads by which PEERS.md compares runtimes, in its two ways.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Figure">What the main figure of its lines is.</param>
/// <param name="OnSprig">Runs it on Sprig.</param>
/// <param name="OnDefault">Runs it as .NET does by default.</param>
/// <param name="OnOneCore">Whether <c>compare</c> gives both sides one core: where the default would work with all of them, a
/// ratio of wall clocks says how many cores the machine has.</param>
internal sealed record Workload(string Name, string Figure, Func<Measurement> OnSprig, Func<Measurement> OnDefault, bool OnOneCore = false)
{
    internal const string Sprig = "sprig";
    internal const string Default = "default";

    internal static Workload[] All { get; } =
    [
        new("w1", "ns a switch", W1Switch.OnSprig, W1Switch.OnDefault, OnOneCore: true),
        new("w2", "ns a spawn + yield + join", W2Spawn.OnSprig, W2Spawn.OnDefault, OnOneCore: true),
        new("queue1", "ns an item", new W3Queue("queue1", 1).OnSprig, new W3Queue("queue1", 1).OnDefault, OnOneCore: true),
        new("queue128", "ns an item", new W3Queue("queue128", 128).OnSprig, new W3Queue("queue128", 128).OnDefault, OnOneCore: true),
        new("lock", "ns a pair", LockPair.OnSprig, LockPair.OnDefault, OnOneCore: true),
        new("w4", "ns late, median", W4Blink.OnSprig, W4Blink.OnDefault),
        new("idle", "wake-ups a second", Idle.OnSprig, Idle.OnDefault),
        new("pwm", "ns a pulse is off, median", SoftwarePwm.OnSprig, SoftwarePwm.OnDefault),
        new("memory", "bytes of RSS a sleeping coroutine", W2Memory.OnSprig, W2Memory.OnDefault),
    ];

    internal static Workload? Find(string name) => Array.Find(All, workload => workload.Name == name);
}
