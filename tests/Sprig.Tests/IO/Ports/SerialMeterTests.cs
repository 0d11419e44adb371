using System.Diagnostics.Metrics;
using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Linux;
using Xunit;

namespace Sprig.Tests.IO.Ports;

public class SerialMeterTests
{
    [Fact]
    public void Who_listens_gets_the_counts_of_each_port_and_they_never_go_back()
    {
        using TtyDouble tty = new();
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using SerialPort port = tty.Port(terminal.DevicePath);
        // Another port may have had the name before.
        Dictionary<string, long> before = Observe(port.PortName);
        port.Open();
        tty.Count(SerialUapi.Counter.Overrun);
        tty.Count(SerialUapi.Counter.BufferOverrun, 2);
        tty.Count(SerialUapi.Counter.Framing, 4);
        tty.Count(SerialUapi.Counter.Parity, 5);
        tty.Count(SerialUapi.Counter.Break, 6);
        port.Write("12345678");
        terminal.Write("1234567"u8);
        while (port.ReadTo("7").Length < 6)
        {
            // Until all has come.
        }

        long[] expected = [3, 4, 5, 6, 7, 8];
        string[] names = ["overruns", "framing_errors", "parity_errors", "breaks", "bytes_received", "bytes_sent"];
        Assert.Equal(expected, Added());
        port.Close();
        Assert.Equal(expected, Added());
        port.Open();
        tty.Count(SerialUapi.Counter.Break);
        expected[3]++;
        Assert.Equal(expected, Added());

        long[] Added()
        {
            Dictionary<string, long> now = Observe(port.PortName);
            return [.. names.Select(name => now[$"sprig.serial.{name}"] - before.GetValueOrDefault($"sprig.serial.{name}"))];
        }
    }

    [Fact]
    public void A_counter_of_the_driver_that_has_wrapped_around_counts_on()
    {
        using TtyDouble tty = new();
        using PseudoTerminal terminal = PseudoTerminal.Open();
        tty.Count(SerialUapi.Counter.Received, uint.MaxValue - 1);
        using SerialPort port = tty.Port(terminal.DevicePath);
        port.Open();
        tty.Count(SerialUapi.Counter.Received, 5);
        Assert.Equal(5, port.ErrorCounts?.BytesReceived);
        tty.Count(SerialUapi.Counter.Received, uint.MaxValue);
        Assert.Equal(5L + uint.MaxValue, port.ErrorCounts?.BytesReceived);
        port.Close();
        Assert.Null(port.ErrorCounts);
    }

    private static Dictionary<string, long> Observe(string port)
    {
        Dictionary<string, long> counts = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "Sprig" && instrument.Name.StartsWith("sprig.serial.", StringComparison.Ordinal))
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (tag is { Key: "port" } && (string?)tag.Value == port)
                    counts[instrument.Name] = value;
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return counts;
    }
}
