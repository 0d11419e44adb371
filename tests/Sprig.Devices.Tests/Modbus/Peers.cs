using System.Diagnostics;
using Sprig.Devices.Tests.Boards;
using Xunit;

namespace Sprig.Devices.Tests.Modbus;

/// <summary>Modbus by others: programs of Debian's, or made of its libraries. Where they are missing a test is skipped; in CI, which says so by
/// SPRIG_PEERS=1, it fails.</summary>
internal static class Peers
{
    private const string Header = "/usr/include/modbus/modbus.h";

    /// <summary>The slave of libmodbus, compiled into a folder that the caller deletes.</summary>
    internal static string CompileSlave(string folder)
    {
        Require(File.Exists(Header) && Find("gcc") is not null, "libmodbus-dev and gcc");
        string program = Path.Combine(folder, "slave");
        string source = Path.Combine(BoardFiles.Root, "tests", "Sprig.Devices.Tests", "Modbus", "peers", "slave.c");
        using Process gcc = Start("gcc", "-Wall", "-Wextra", "-Werror", "-o", program, source, "-lmodbus");
        string errors = gcc.StandardError.ReadToEnd();
        gcc.WaitForExit();
        Assert.True(gcc.ExitCode == 0, errors);
        return program;
    }

    /// <summary>The master mbpoll.</summary>
    internal static string FindMbpoll()
    {
        Require(Find("mbpoll") is not null, "mbpoll");
        return Find("mbpoll")!;
    }

    internal static Process Start(string program, params string[] arguments)
        => Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static void Require(bool isThere, string packages)
    {
        if (isThere)
            return;
        string reason = $"Needs the Debian packages {packages}.";
        if (Environment.GetEnvironmentVariable("SPRIG_PEERS") == "1")
            Assert.Fail(reason);
        Assert.Skip(reason);
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);
}
