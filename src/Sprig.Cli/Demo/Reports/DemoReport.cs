using System.Text.Json.Serialization;

namespace Sprig.Cli.Demo.Reports;

/// <summary>What <c>--report</c> writes.</summary>
/// <param name="Seconds">How long the demo ran.</param>
/// <param name="Leds">One row a LED.</param>
/// <param name="Serial">The sensor.</param>
/// <param name="Tcp">The server.</param>
/// <param name="UserThreads">Managed threads that ran the demo's code: 1.</param>
/// <param name="WakeupsPerS">Voluntary context switches a second, all threads of the process.</param>
/// <param name="CoroutinesLeft">Coroutines that had not ended when the run had: 0.</param>
internal sealed record DemoReport(double Seconds, IReadOnlyList<LedReport> Leds, SerialReport Serial, TcpReport Tcp, int UserThreads, double WakeupsPerS, int CoroutinesLeft);

internal sealed record LedReport(string Name, long Toggles, long Expected, LatenessReport LatenessUs);

internal sealed record LatenessReport(double P50, double P99, double Max);

internal sealed record SerialReport(long Lines, long BadChecksums, long Bytes);

internal sealed record TcpReport(long Clients, long Answers);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(DemoReport))]
internal sealed partial class DemoReportContext : JsonSerializerContext;
