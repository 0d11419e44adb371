using System.Globalization;
using Sprig.Devices.Boards;
using Sprig.IO.Ports;
using Sprig.Scheduling;

namespace Sprig.Programs;

/// <summary>An MH-Z19 carbon dioxide sensor on a serial port: asked by nine bytes, it answers with nine.</summary>
/// <remarks>The port is opened when it is first asked, and anew after whatever went wrong. So an adapter that was unplugged is found when it
/// is back, and an answer that is late, but before the next question, is not taken for that one's. One coroutine asks at a time.</remarks>
public sealed class Mhz19 : IDisposable
{
    /// <summary>What the setting "serial" may be.</summary>
    public const string Wanted = "auto, sim, or a tty, as /dev/serial0";

    private static readonly byte[] s_question = [0xFF, 0x01, 0x86, 0, 0, 0, 0, 0, 0x79];

    private readonly string _path;
    private readonly TimeSpan _timeout;
    private readonly byte[] _answer = new byte[9];
    private readonly SimulatedMhz19? _simulated;
    private SerialPort? _port;
    private string? _trouble;

    /// <summary>A sensor on a tty. It need not be there yet.</summary>
    /// <param name="path">The tty's.</param>
    /// <param name="timeout">How long an answer may take; the sensor needs a tenth of a second.</param>
    public Mhz19(string path, TimeSpan timeout)
    {
        _path = path;
        _timeout = timeout;
    }

    private Mhz19(SimulatedMhz19 simulated, TimeSpan timeout)
        : this(simulated.DevicePath, timeout)
    {
        _simulated = simulated;
        _ = Coroutine.Spawn(simulated.RunAsync, new SpawnOptions { Name = "a simulated sensor", Daemon = DaemonRule.UntilMainReturns });
    }

    /// <summary>The sensor of a setting.</summary>
    /// <param name="serial">auto: on the header's port, or else on the first serial device, or else a simulated one; sim: a simulated one; or
    /// a tty's path.</param>
    /// <param name="timeout">How long an answer may take.</param>
    public static Mhz19 Open(string serial, TimeSpan timeout) => serial switch
    {
        "auto" => FindPort() is { } path ? new Mhz19(path, timeout) : new Mhz19(new SimulatedMhz19(), timeout),
        "sim" => new Mhz19(new SimulatedMhz19(), timeout),
        _ => new Mhz19(serial, timeout),
    };

    /// <summary>"an MH-Z19 on /dev/serial0".</summary>
    public override string ToString() => $"{(_simulated is null ? "an" : "a simulated")} MH-Z19 on {_path}";

    /// <summary>Asks for the carbon dioxide in the air, in parts per million. Null where no answer comes in time, or a garbled one, or there
    /// is no such port: the next time it is tried anew.</summary>
    /// <exception cref="UnauthorizedAccessException">No permission; the message says which group.</exception>
    public async Task<int?> ReadAsync()
    {
        SerialPort? port = _port;
        _port = null;
        try
        {
            port ??= SerialPort.Open(_path);
            Tell(await Deadline.TryRunAsync(_timeout, () => AskAsync(port)) ? ComplaintAbout(_answer)
                : string.Create(CultureInfo.InvariantCulture, $"{_path}: no answer within {_timeout.TotalSeconds} s."));
            if (_trouble is not null)
                return null;
            _port = port;
            return (_answer[2] << 8) | _answer[3];
        }
        catch (IOException e)
        {
            Tell(e.Message);
            return null;
        }
        finally
        {
            if (_port is null)
                port?.Dispose();
        }
    }

    /// <summary>Closes the port.</summary>
    public void Dispose()
    {
        _port?.Dispose();
        _simulated?.Dispose();
    }

    /// <summary>The last byte of a message: with those between, the first left out, it makes zero.</summary>
    internal static byte CheckOf(ReadOnlySpan<byte> message)
    {
        byte sum = 0;
        foreach (byte one in message[1..8])
            sum -= one;
        return sum;
    }

    /// <summary>The port of a board's header. On most it is /dev/serial0, but on a Raspberry Pi 5 that is the connector beside it, for debugging.</summary>
    internal static string HeaderPortOf(BoardMap? board) => board?.Buses.FirstOrDefault(bus => bus.Kind == "uart")?.Device ?? "/dev/serial0";

    private static string? FindPort()
    {
        string header = HeaderPortOf(BoardMap.OfThisMachine());
        IReadOnlyList<string> ports = SerialDevices.List();
        bool isHeaderFree = File.Exists(header) && ports.Contains(File.ResolveLinkTarget(header, returnFinalTarget: true)?.FullName ?? header);
        return isHeaderFree ? header : ports is [{ } first, ..] ? first : null;
    }

    private string? ComplaintAbout(byte[] answer)
        => answer[0] == s_question[0] && answer[1] == s_question[2] && answer[8] == CheckOf(answer) ? null
            : $"{_path}: a garbled answer, {Convert.ToHexString(answer)}.";

    private void Tell(string? trouble)
    {
        if (trouble is null && _trouble is not null)
            Log.Say($"{this} answers.");
        else if (trouble is not null && trouble != _trouble)
            Log.Warn(trouble, [("SENSOR", _path)]);
        _trouble = trouble;
    }

    private async Task AskAsync(SerialPort port)
    {
        await port.WriteAsync(s_question);
        await port.ReadExactlyAsync(_answer);
    }
}
